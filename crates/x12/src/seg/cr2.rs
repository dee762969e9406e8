//! CR2: spinal manipulation. Kept so that nothing sent is lost; the services of this hub do not need it.

use crate::seg::table::segment;

segment! {
    /// CR2, treatment of the spine.
    Cr2 "CR2" of 12 {
        /// CR201, number of this treatment in the series. 1-9 characters.
        1 may 1..=9 treatment: String,
        /// CR202, number of treatments in the series. 1-15 characters.
        2 may 1..=15 treatments: String,
        /// CR203, first level of the spine. 2-3 characters.
        3 may 2..=3 level_from: String,
        /// CR204, last level of the spine. 2-3 characters.
        4 may 2..=3 level_to: String,
        /// CR205, unit of the period. 2 characters.
        5 may 2..=2 period_unit: String,
        /// CR206, length of the period in that unit. 1-15 characters.
        6 may 1..=15 period: String,
        /// CR207, treatments in a month. 1-15 characters.
        7 may 1..=15 monthly: String,
        /// CR208, nature of the condition. 1 character.
        8 may 1..=1 condition: String,
        /// CR209, `Y` when there are complications. 1 character.
        9 may 1..=1 complication: String,
        /// CR210, description of the condition. 1-80 characters.
        10 may 1..=80 description: String,
        /// CR211, more description. 1-80 characters.
        11 may 1..=80 more: String,
        /// CR212, `Y` when X-rays are available. 1 character.
        12 may 1..=1 x_ray: String,
    }
}
