//! HI: diagnoses.

use crate::moment::Day;
use crate::seg::table::{composite, segment};

composite! {
    /// One diagnosis of an HI.
    Diagnosis {
        /// First component, the list and rank: `ABK` principal, `ABJ` admitting, `ABF` other (ICD-10); `BK` `BJ` `BF` ICD-9; `LOI` a wanted document. 1-3 characters.
        1 1..=3 qualifier,
        /// Second component, the code as sent, usually without its dot. 1-30 characters.
        2 1..=30 code,
        /// Third component, format of the date, `D8`. 2-3 characters.
        3 2..=3 date_format,
        /// Fourth component, date of the diagnosis. 1-35 characters.
        4 1..=35 date,
    }
}

impl Diagnosis {
    /// Returns the date when it is one.
    pub fn known_on(&self) -> Option<Day> {
        Day::parse(&self.date)
    }
}

segment! {
    /// HI, up to twelve diagnoses.
    Hi "HI" of 12 {
        /// HI01, first diagnosis.
        1 must 1..=200 d1: Diagnosis,
        /// HI02, second diagnosis.
        2 may 1..=200 d2: Diagnosis,
        /// HI03, third diagnosis.
        3 may 1..=200 d3: Diagnosis,
        /// HI04, fourth diagnosis.
        4 may 1..=200 d4: Diagnosis,
        /// HI05, fifth diagnosis.
        5 may 1..=200 d5: Diagnosis,
        /// HI06, sixth diagnosis.
        6 may 1..=200 d6: Diagnosis,
        /// HI07, seventh diagnosis.
        7 may 1..=200 d7: Diagnosis,
        /// HI08, eighth diagnosis.
        8 may 1..=200 d8: Diagnosis,
        /// HI09, ninth diagnosis.
        9 may 1..=200 d9: Diagnosis,
        /// HI10, tenth diagnosis.
        10 may 1..=200 d10: Diagnosis,
        /// HI11, eleventh diagnosis.
        11 may 1..=200 d11: Diagnosis,
        /// HI12, twelfth diagnosis.
        12 may 1..=200 d12: Diagnosis,
    }
}

impl Hi {
    /// Returns the diagnoses that have a code, in order.
    pub fn into_diagnoses(self) -> impl Iterator<Item = Diagnosis> {
        let Self { d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12 } = self;
        [d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12]
            .into_iter()
            .filter(|diagnosis| !diagnosis.is_empty())
    }

    /// Returns the segment of the first twelve diagnoses.
    pub fn of(diagnoses: &[Diagnosis]) -> Self {
        let d = |n: usize| diagnoses.get(n).cloned().unwrap_or_default();
        Self {
            d1: d(0),
            d2: d(1),
            d3: d(2),
            d4: d(3),
            d5: d(4),
            d6: d(5),
            d7: d(6),
            d8: d(7),
            d9: d(8),
            d10: d(9),
            d11: d(10),
            d12: d(11),
        }
    }
}
