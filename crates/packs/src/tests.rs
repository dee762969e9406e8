use crate::Packs;

#[test]
fn the_built_in_packs_load() {
    Packs::builtin();
}
