//! CR6: home health care.

use crate::seg::table::segment;

segment! {
    /// CR6, the plan of care at home.
    Cr6 "CR6" of 21 {
        /// CR601, prognosis, `1` poor to `6` excellent, `7` under 6 months, `8` terminal. 1 character.
        1 must 1..=1 prognosis: String,
        /// CR602, when care begins, 8 digits.
        2 must 8..=8 start_date: String,
        /// CR603, format of CR604, `RD8`. 2-3 characters.
        3 may 2..=3 period_format: String,
        /// CR604, the certified period, two dates with a hyphen. 1-35 characters.
        4 may 1..=35 period: String,
        /// CR605, date of the diagnosis, 8 digits.
        5 may 8..=8 diagnosis_date: String,
        /// CR606, `Y` when the patient is in skilled nursing care. 1 character.
        6 may 1..=1 skilled_nursing: String,
        /// CR607, whether Medicare covers the patient: `Y`, `N`, `U`, `W` as sent. 1 character.
        7 must 1..=1 medicare: String,
        /// CR608, kind of certification, as UM02. 1 character.
        8 must 1..=1 certification: String,
        /// CR609, date of surgery, 8 digits.
        9 may 8..=8 surgery_date: String,
        /// CR610, code list of CR611. 2 characters.
        10 may 2..=2 surgery_qualifier: String,
        /// CR611, the surgical procedure. 1-15 characters.
        11 may 1..=15 surgery_code: String,
        /// CR612, date of the order, 8 digits.
        12 may 8..=8 order_date: String,
        /// CR613, date the patient was last seen, 8 digits.
        13 may 8..=8 last_visit_date: String,
        /// CR614, date the physician was last spoken to, 8 digits.
        14 may 8..=8 physician_contact_date: String,
        /// CR615, format of CR616, `RD8`. 2-3 characters.
        15 may 2..=3 admission_format: String,
        /// CR616, the last stay in a facility, two dates with a hyphen. 1-35 characters.
        16 may 1..=35 last_admission: String,
        /// CR617, kind of facility the patient was discharged from. 1 character.
        17 may 1..=1 discharge_facility: String,
        /// CR618, date of the second diagnosis, 8 digits.
        18 may 8..=8 diagnosis_date_2: String,
        /// CR619, date of the third diagnosis, 8 digits.
        19 may 8..=8 diagnosis_date_3: String,
        /// CR620, date of the fourth diagnosis, 8 digits.
        20 may 8..=8 diagnosis_date_4: String,
        /// CR621, date of the fifth diagnosis, 8 digits.
        21 may 8..=8 diagnosis_date_5: String,
    }
}
