//! Control numbers that were used. Most senders count, so that all of them are one run, however many there are.

use std::collections::BTreeSet;

/// The numbers of one group's sets, or of one interchange's groups.
#[derive(Default)]
pub(super) struct Numbers {
    /// Numbers that followed one another, the first and the last, written with so many digits.
    run: Option<(u32, u32, usize)>,
    /// All others.
    others: BTreeSet<String>,
}

impl Numbers {
    /// Adds a number; whether it is new.
    pub(super) fn insert(&mut self, text: &str) -> bool {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse::<u32>().ok().filter(|_| is_plain);
        let (Some(number), Some((first, last, width))) = (number, self.run) else {
            if let (Some(number), None) = (number, self.run) {
                self.run = Some((number, number, text.len()));
                return true;
            }
            return self.others.insert(text.to_owned());
        };
        // `0007` and `7` are two numbers, as every reader of ST02 compares them: by their letters.
        let is_of_run = text.len() == width.max(n_digits(number));
        if is_of_run && (first..=last).contains(&number) {
            return false;
        }
        if is_of_run && last.checked_add(1) == Some(number) && !self.others.contains(text) {
            self.run = Some((first, number, width));
            return true;
        }
        self.others.insert(text.to_owned())
    }
}

fn n_digits(number: u32) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_million_numbers_that_follow_one_another_are_one_run() {
        let mut numbers = Numbers::default();
        assert!((1..=1_000_000).all(|number| numbers.insert(&format!("{number:04}"))));
        assert!(numbers.others.is_empty());
        assert!(!numbers.insert("0001") && !numbers.insert("1000000") && numbers.insert("1"));
    }

    proptest! {
        #[test]
        fn a_number_is_new_when_its_letters_are(texts in prop::collection::vec("0{0,3}[0-9]{1,2}|[+A]?[0-9]", 0..40)) {
            let (mut numbers, mut all) = (Numbers::default(), BTreeSet::new());
            for text in texts {
                prop_assert_eq!(numbers.insert(&text), all.insert(text.clone()), "{}", text);
            }
        }
    }
}
