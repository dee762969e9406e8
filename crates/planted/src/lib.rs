//! Faults planted on purpose, so that the simulator can show that it would find them.
//!
//! The code that matters asks [`is`] at the place where a line could be wrong. In the program as it ships the answer is a
//! constant no, and the compiler takes the question out. With the feature `mutants` one fault can be chosen by name, for the
//! thread that chooses it; the simulator has the list of them, with what each would do to people.
//!
//! Deliberately absent: any other switch. What an operator chooses is a setting; what a test replaces is an argument.

use std::borrow::Cow;

/// Returns whether the planted fault of that name is at work.
#[cfg(not(feature = "mutants"))]
#[inline(always)]
#[must_use]
#[expect(clippy::inline_always, reason = "what asks must vanish from the program")]
pub const fn is(_name: &str) -> bool {
    false
}

/// Returns another number each time: what a faulty line may depend on and must not.
#[cfg(not(feature = "mutants"))]
#[must_use]
pub const fn nth() -> i64 {
    0
}

/// Returns a text as it is, or, with the planted fault of that name at work, with one part of it replaced.
#[inline]
#[must_use]
pub fn instead<'a>(name: &str, text: &'a str, (part, by): (&str, &str)) -> Cow<'a, str> {
    if is(name) { Cow::Owned(text.replace(part, by)) } else { Cow::Borrowed(text) }
}

#[cfg(feature = "mutants")]
pub use chosen::{choose, is, nth};

#[cfg(feature = "mutants")]
mod chosen {
    use std::cell::Cell;

    thread_local! {
        static CHOSEN: Cell<Option<&'static str>> = const { Cell::new(None) };
        static ASKED: Cell<i64> = const { Cell::new(0) };
    }

    /// Returns whether the planted fault of that name is at work.
    #[must_use]
    pub fn is(name: &str) -> bool {
        CHOSEN.get().is_some_and(|chosen| chosen == name)
    }

    /// Chooses the fault that is at work in this thread from now on, or none.
    pub fn choose(name: Option<&'static str>) {
        CHOSEN.set(name);
        ASKED.set(0);
    }

    /// Returns another number each time: what a faulty line may depend on and must not.
    #[must_use]
    pub fn nth() -> i64 {
        ASKED.set(ASKED.get() + 1);
        ASKED.get()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(not(feature = "mutants"))]
    fn a_program_as_it_ships_has_no_planted_fault() {
        const { assert!(!super::is("anything")) };
    }

    #[test]
    #[cfg(feature = "mutants")]
    fn one_fault_is_at_work_and_only_in_the_thread_that_chose_it() {
        super::choose(Some("one"));
        assert!(super::is("one") && !super::is("other"));
        assert!(!std::thread::spawn(|| super::is("one")).join().unwrap());
        super::choose(None);
        assert!(!super::is("one"));
    }
}
