//! Chance that repeats: a small generator with a seed, and one for each thing that chance decides.

/// A generator of numbers. Source: `SplitMix64`, as published by Steele, Lea and Flood in 2014 \[K\].
#[derive(Debug, Clone)]
pub struct Rng(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
/// Offset and prime of the 64-bit FNV-1a hash. Source: RFC 9923 \[K\].
const FNV: (u64, u64) = (0xcbf2_9ce4_8422_2325, 0x0000_0100_0000_01b3);

impl Rng {
    /// Makes a generator.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Makes the generator of one thing. What is drawn for it does not depend on what else happened before.
    pub fn of(seed: u64, thing: &str) -> Self {
        let mut rng = Self(seed ^ fnv(thing));
        rng.draw();
        rng
    }

    /// Returns the next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number from 0 to below `n`; 0 when `n` is 0. The bias of the remainder is of no account here.
    pub fn below(&mut self, n: u32) -> u32 {
        let drawn = self.draw() % u64::from(n.max(1));
        u32::try_from(drawn).unwrap_or(0)
    }

    /// Returns a number from `least` to `most`, both included.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// Returns yes in so many of a hundred times.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// Returns one of `choices`; `None` when there is none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let n = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        choices.get(usize::try_from(self.below(n)).unwrap_or(0))
    }

    /// Returns one of `choices`, each as often as its weight says; `None` when nothing weighs anything.
    pub fn weighed<'a, T>(&mut self, choices: &'a [(u32, T)]) -> Option<&'a T> {
        let sum: u32 = choices.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(sum);
        choices.iter().find_map(|(weight, choice)| {
            let is_it = left < *weight;
            left = left.saturating_sub(*weight);
            is_it.then_some(choice)
        })
    }
}

/// Returns the FNV-1a hash of a text.
pub(crate) fn fnv(text: &str) -> u64 {
    text.bytes().fold(FNV.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV.1))
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn the_same_seed_draws_the_same_and_another_does_not() {
        let drawn = |seed| {
            (0..8)
                .map({
                    let mut rng = Rng::of(seed, "x");
                    move |_| rng.draw()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
    }

    #[test]
    fn draws_stay_within_their_bounds_and_reach_them() {
        let mut rng = Rng::new(3);
        let drawn: Vec<u32> = (0..400).map(|_| rng.between(2, 5)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&2), Some(&5)));
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.pick::<u8>(&[]), None);
        assert!((0..400).all(|_| *rng.weighed(&[(0, 'a'), (3, 'b')]).unwrap() == 'b'));
    }
}
