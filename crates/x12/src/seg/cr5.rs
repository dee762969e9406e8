//! CR5: oxygen at home.

use crate::seg::table::segment;

segment! {
    /// CR5, the need for oxygen and the equipment asked for.
    Cr5 "CR5" of 18 {
        /// CR501, kind of certification: initial, renewal or revised. 1 character.
        1 may 1..=1 certification: String,
        /// CR502, how long treatment lasts, in months. 1-15 characters.
        2 may 1..=15 treatment_months: String,
        /// CR503, equipment: `A` concentrator, `B` `C` stationary, `D` `E` portable, `O` other. 1 character.
        3 may 1..=1 equipment: String,
        /// CR504, second equipment, coded as CR503. 1 character.
        4 may 1..=1 equipment_2: String,
        /// CR505, why this equipment. 1-80 characters.
        5 may 1..=80 equipment_reason: String,
        /// CR506, flow in litres a minute. 1-15 characters.
        6 may 1..=15 flow_lpm: String,
        /// CR507, times of use in a day. 1-15 characters.
        7 may 1..=15 times_a_day: String,
        /// CR508, hours of each use. 1-15 characters.
        8 may 1..=15 hours: String,
        /// CR509, orders for the respiratory therapist. 1-80 characters.
        9 may 1..=80 therapist_order: String,
        /// CR510, arterial oxygen pressure in mmHg. 1-15 characters.
        10 may 1..=15 arterial_gas_mmhg: String,
        /// CR511, oxygen saturation in percent. 1-15 characters.
        11 may 1..=15 saturation_percent: String,
        /// CR512, condition of the test: at rest, exercising, asleep. 1 character.
        12 may 1..=1 test_condition: String,
        /// CR513, finding: `1` dependent oedema of heart failure, `2` P pulmonale, `3` haematocrit above 56. 1 character.
        13 may 1..=1 finding: String,
        /// CR514, second finding, coded as CR513. 1 character.
        14 may 1..=1 finding_2: String,
        /// CR515, third finding, coded as CR513. 1 character.
        15 may 1..=1 finding_3: String,
        /// CR516, flow of the portable system in litres a minute. 1-15 characters.
        16 may 1..=15 portable_flow_lpm: String,
        /// CR517, how it is delivered, `A`-`E`, e.g. nasal cannula. 1 character.
        17 may 1..=1 delivery: String,
        /// CR518, third equipment, coded as CR503. 1 character.
        18 may 1..=1 equipment_3: String,
    }
}
