//! The list itself.

use super::ItemKind::{Code, Date as OnDate, Flag, Held, Number};
use super::{Item, ItemRow};

macro_rules! items {
    ($($name:literal, $kind:expr, $words:literal;)*) => {
        &[$(Item(&ItemRow { name: $name, words: $words, kind: $kind })),*]
    };
}

/// Every item, sorted by name (a test sees to it).
pub const ITEMS: &[Item] = items! {
    "auth.number", Held, "the authorization number that the payer already gave";
    "bed.positioning-need", Flag, "a need for positions that an ordinary bed cannot give: for pain, a raised head, or traction";
    "coverage.member-id", Held, "the member's plan ID";
    "coverage.other", Flag, "other coverage";
    "coverage.payer", Held, "the health plan";
    "enteral.formula", Held, "the formula";
    "enteral.kcal-per-day", Number("kcal/day"), "calories a day";
    "enteral.route", Code(&["nasogastric", "gastrostomy", "jejunostomy"]), "the feeding tube";
    "facility.clinical-packet", Held, "the facility's clinical packet: history, therapy notes, medicines";
    "facility.setting", Code(&["snf", "irf", "ltach"]), "the kind of facility";
    "home-health.disciplines", Held, "the disciplines ordered";
    "home-health.face-to-face-on", OnDate, "the date of the face-to-face encounter";
    "home-health.frequency", Held, "visits a week and for how many weeks";
    "home-health.homebound", Flag, "the homebound status";
    "home-health.plan-of-care", Held, "the signed plan of care";
    "home-health.start-on", OnDate, "the start-of-care date";
    "infusion.access-device", Code(&["peripheral", "midline", "picc", "tunneled", "non-tunneled", "port", "subcutaneous", "intrathecal"]), "the vascular access";
    "infusion.dose", Held, "the dose, route, rate and frequency";
    "infusion.drug", Held, "the drug";
    "infusion.first-dose", Flag, "a first dose ever, given at home";
    "infusion.height", Number("in"), "the member's height";
    "infusion.labs", Held, "the laboratory orders";
    "infusion.next-dose-on", OnDate, "the day of the next dose";
    "infusion.stop-on", OnDate, "the stop date, or the number of doses";
    "infusion.tip-confirmed", Flag, "confirmation of the catheter tip";
    "member.access-barriers", Held, "stairs, gates and other barriers at the door";
    "member.address", Held, "the address where care is delivered";
    "member.allergies", Held, "allergies";
    "member.birth-date", Held, "the member's date of birth";
    "member.language", Held, "the member's language";
    "member.name", Held, "the member's full name";
    "member.phone", Held, "a telephone number for the delivery";
    "member.sex", Held, "the member's sex";
    "member.weight", Number("lb"), "the member's weight";
    "npwt.measurements", Held, "wound measurements of the last week";
    "npwt.prior-program", Flag, "thirty days of a prior wound program";
    "order.dates-of-service", OnDate, "the date care should start";
    "order.diagnosis", Held, "a diagnosis with a billable ICD-10-CM code";
    "order.face-to-face-note", Held, "the note of the face-to-face encounter";
    "order.face-to-face-on", OnDate, "the date of the face-to-face encounter about this need";
    "order.length-of-need", Number("months"), "the length of need";
    "order.ordered-on", OnDate, "the date of the order";
    "order.quantity", Held, "the quantity to dispense";
    "order.replacement-serial", Held, "the serial number of what is replaced";
    "order.service", Held, "what is ordered, as a code or in words";
    "order.signed-on", OnDate, "the signed order";
    "order.verbal", Flag, "a verbal order";
    "oxygen.condition", Code(&["rest", "exercise", "sleep"]), "the condition of the test: at rest, in exercise or asleep";
    "oxygen.cor-pulmonale", Flag, "pulmonary hypertension or cor pulmonale";
    "oxygen.device", Code(&["cannula", "mask", "conserver", "other"]), "the delivery device";
    "oxygen.edema", Flag, "dependent edema suggesting heart failure";
    "oxygen.exercise-oxygen-spo2", Number("%"), "the oxygen saturation in exercise with oxygen";
    "oxygen.hematocrit", Number("%"), "the hematocrit";
    "oxygen.hours-per-day", Number("h/day"), "hours of oxygen a day";
    "oxygen.improves-condition", Flag, "a condition that oxygen improves, such as cluster headache";
    "oxygen.lpm", Number("L/min"), "liters of oxygen a minute";
    "oxygen.pao2", Number("mmHg"), "the arterial oxygen pressure";
    "oxygen.portable", Flag, "a need for portable oxygen";
    "oxygen.rest-spo2", Number("%"), "the oxygen saturation awake at rest";
    "oxygen.sleep-symptoms", Flag, "symptoms of low oxygen in sleep";
    "oxygen.spo2", Number("%"), "the oxygen saturation";
    "oxygen.test-on", OnDate, "the date of the oxygen test";
    "pap.ahi", Number("events/h"), "the apnea-hypopnea index";
    "pap.evaluation-on", OnDate, "the date of the clinical evaluation before the sleep test";
    "pap.events", Number("events"), "the number of events in the sleep test";
    "pap.pressure", Number("cmH2O"), "the pressure setting";
    "pap.symptom", Flag, "a symptom or condition that qualifies a mild index";
    "pap.test-on", OnDate, "the date of the sleep test";
    "prescriber.name", Held, "the ordering clinician's name";
    "prescriber.npi", Held, "the ordering clinician's NPI";
    "prescriber.phone", Held, "the ordering clinician's telephone or fax";
    "wheelchair.home-accessible", Flag, "room for the chair at home";
    "wheelchair.mobility-limit", Flag, "a mobility limit that a cane or walker does not make up for";
    "wheelchair.operates", Flag, "somebody to move the chair: the member, or a caregiver";
    "wound.change-frequency", Number("per week"), "dressing changes a week";
    "wound.count", Number("wounds"), "the number of wounds";
    "wound.drainage", Code(&["none", "light", "moderate", "heavy"]), "the drainage";
    "wound.evaluated-on", OnDate, "the date of the last wound evaluation";
    "wound.size", Held, "each wound's size and depth";
    "wound.type", Code(&["surgical", "debrided", "pressure", "venous", "diabetic", "other"]), "the kind of wound";
};

#[cfg(test)]
mod tests {
    use super::{ITEMS, Item};

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(ITEMS.windows(2).all(|pair| pair[0].name() < pair[1].name()));
        assert!(ITEMS.iter().all(|item| Item::parse(item.name()) == Some(*item)));
    }
}
