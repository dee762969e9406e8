//! Who may use the doors for programs: the same table as the console's, for the routes that it does not have. A message over
//! MLLP carries no token and is let in by the operator's network.

use doorstep_api::ROUTES;
use doorstep_case::Role;

#[test]
fn every_door_is_for_those_who_send_files() {
    let row = |route: &doorstep_api::Route| {
        let may: Vec<&str> = Role::PEOPLE
            .into_iter()
            .filter(|role| route.permission.is_for(*role))
            .map(Role::name)
            .collect();
        format!("POST {} {}", route.path, may.join(" "))
    };
    let known = [
        "POST /api/intake agent nurse supervisor",
        "POST /fhir agent nurse supervisor",
        "POST /fhir/{*rest} agent nurse supervisor",
        "POST /x12 agent nurse supervisor",
        "POST /hl7 agent nurse supervisor",
        "POST /csv agent nurse supervisor",
    ];
    let table: Vec<String> = ROUTES.iter().map(row).collect();
    assert_eq!(table, known, "a door was added or opened: review it");
}
