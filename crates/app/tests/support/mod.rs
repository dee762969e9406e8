//! A small world for tests: a hub with a clock that stands until it is moved, on either engine, and orders of people
//! who do not exist, each as it comes by every door.

pub mod orders;
pub mod rows;
pub mod world;

/// Makes two tests of each of a module's functions, `engines::name::sqlite` and `engines::name::postgres`, each in a
/// world of its own.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod engines {
            $(mod $name {
                use $crate::support::world::World;

                #[test]
                fn sqlite() {
                    super::super::$name(&World::sqlite());
                }

                #[test]
                fn postgres() {
                    match World::postgres() {
                        Some(world) => super::super::$name(&world),
                        None => eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set"),
                    }
                }
            })*
        }
    };
}
