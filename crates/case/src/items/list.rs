//! The list itself.

use super::ItemKind::{Code, Date as OnDate, Flag, Held, Moment, Number};
use super::{Item, ItemRow};

macro_rules! items {
    ($($name:literal, $kind:expr, $words:literal;)*) => {
        &[$(Item(&ItemRow { name: $name, words: $words, kind: $kind })),*]
    };
}

/// Every item, sorted by name (a test sees to it).
pub const ITEMS: &[Item] = items! {
    "auth.number", Held, "the authorization number that the payer already gave";
    "bed.frequent-changes", Flag, "a need for frequent or immediate changes of position";
    "bed.positioning-need", Flag, "a need for positions that an ordinary bed cannot give: for pain, a raised head, or traction";
    "bed.surface-need", Flag, "immobility, or an ulcer or limited mobility with a factor: nutrition, incontinence, sensation, circulation";
    "bed.transfer-need", Flag, "a need for a bed of variable height, to move to a chair or to stand";
    "bed.ulcer-finding", Code(&["stage-2-not-improving", "large-or-stage-3-or-4", "flap-or-graft", "none"]), "what is found of pressure ulcers on the trunk or pelvis";
    "coverage.member-id", Held, "the member's plan ID";
    "coverage.other", Flag, "other coverage";
    "coverage.payer", Held, "the health plan";
    "enteral.formula", Held, "the formula";
    "enteral.hours", Number("h/day"), "hours of feeding a day";
    "enteral.kcal-per-day", Number("kcal/day"), "calories a day";
    "enteral.long-impairment", Flag, "an impairment that is long and indefinite";
    "enteral.pump-reason", Held, "the reason for a feeding pump, such as reflux, a slow rate or swings of glucose";
    "enteral.rate", Number("mL/h"), "the feeding rate";
    "enteral.route", Code(&["nasogastric", "gastrostomy", "jejunostomy"]), "the feeding tube";
    "enteral.special-reason", Held, "the reason for a special formula";
    "facility.clinical-packet", Held, "the facility's clinical packet: history, therapy notes, medicines";
    "facility.daily-skilled-need", Flag, "a need for skilled nursing or therapy every day";
    "facility.icu-days", Number("days"), "days in intensive care";
    "facility.inpatient-days", Number("days"), "days of the inpatient stay";
    "facility.pasrr", Held, "the level I screening before a nursing facility (PASRR)";
    "facility.screened-at", Moment, "the time of the pre-admission screening";
    "facility.setting", Code(&["snf", "irf", "ltach"]), "the kind of facility";
    "facility.therapies", Number("therapies"), "the number of therapies needed";
    "facility.therapy-hours", Number("h/day"), "hours of therapy a day";
    "facility.ventilator-hours", Number("h"), "hours on a ventilator";
    "home-health.disciplines", Held, "the disciplines ordered";
    "home-health.face-to-face-on", OnDate, "the date of the face-to-face encounter";
    "home-health.frequency", Held, "visits a week and for how many weeks";
    "home-health.homebound", Flag, "the homebound status";
    "home-health.plan-of-care", Held, "the signed plan of care";
    "home-health.start-on", OnDate, "the start-of-care date";
    "home-health.visits", Number("visits"), "the number of visits ordered";
    "infusion.access-device", Code(&["peripheral", "midline", "picc", "tunneled", "non-tunneled", "port", "subcutaneous", "intrathecal"]), "the vascular access";
    "infusion.administered-by", Code(&["member", "caregiver", "nurse"]), "who gives the infusion";
    "infusion.dose", Held, "the dose, route, rate and frequency";
    "infusion.doses", Number("doses"), "the number of doses";
    "infusion.drug", Held, "the drug";
    "infusion.first-dose", Flag, "a first dose ever, given at home";
    "infusion.flush-lock", Held, "the orders for flushing and locking the line";
    "infusion.formula", Held, "the formula of the parenteral nutrition";
    "infusion.height", Number("in"), "the member's height";
    "infusion.history", Held, "the history and physical examination";
    "infusion.labs", Held, "the laboratory orders";
    "infusion.lumens", Number("lumens"), "the lumens of the line";
    "infusion.medication-record", Held, "the current medication administration record";
    "infusion.next-dose-at", Moment, "the time of the next dose";
    "infusion.schedule", Code(&["continuous", "cyclic"]), "whether the nutrition runs around the clock or in cycles";
    "infusion.site-care", Held, "the orders for care of the site";
    "infusion.stop-on", OnDate, "the stop date";
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
    "npwt.measured-on", OnDate, "the date of the last wound measurements";
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
    "oxygen.rest-pao2", Number("mmHg"), "the arterial oxygen pressure awake at rest";
    "oxygen.rest-spo2", Number("%"), "the oxygen saturation awake at rest";
    "oxygen.retest-on", OnDate, "the date of the repeated oxygen test";
    "oxygen.sleep-symptoms", Flag, "symptoms of low oxygen in sleep";
    "oxygen.spo2", Number("%"), "the oxygen saturation";
    "oxygen.test-on", OnDate, "the date of the oxygen test";
    "pap.adherent-nights", Number("nights"), "nights of at least 4 hours, of 30 nights in a row";
    "pap.ahi", Number("events/h"), "the apnea-hypopnea index";
    "pap.evaluation-on", OnDate, "the date of the clinical evaluation before the sleep test";
    "pap.events", Number("events"), "the number of events in the sleep test";
    "pap.pressure", Number("cmH2O"), "the pressure setting";
    "pap.reevaluated-on", OnDate, "the date of the evaluation after the first weeks of use";
    "pap.symptom", Flag, "a symptom or condition that qualifies a mild index";
    "pap.test-on", OnDate, "the date of the sleep test";
    "prescriber.name", Held, "the ordering clinician's name";
    "prescriber.npi", Held, "the ordering clinician's NPI";
    "prescriber.phone", Held, "the ordering clinician's telephone or fax";
    "wheelchair.atp", Flag, "an assistive technology professional who saw the member in person";
    "wheelchair.home-accessible", Flag, "room for the chair at home";
    "wheelchair.manual-insufficient", Flag, "a mobility need that the best fitted manual chair does not meet";
    "wheelchair.mobility-limit", Flag, "a mobility limit that a cane or walker does not make up for";
    "wheelchair.operates", Flag, "somebody to move the chair: the member, or a caregiver";
    "wheelchair.scooter-able", Flag, "the ability to get on and off a scooter and steer it, with room for it at home";
    "wheelchair.specialty-evaluation", Held, "the specialty evaluation by a therapist without ties to the supplier";
    "wound.change-frequency", Number("per week"), "dressing changes a week";
    "wound.count", Number("wounds"), "the number of wounds";
    "wound.drainage", Code(&["none", "light", "moderate", "heavy"]), "the drainage";
    "wound.dressing-size", Held, "the size of each dressing";
    "wound.duration", Number("weeks"), "for how many weeks the dressings are needed";
    "wound.evaluated-on", OnDate, "the date of the last wound evaluation";
    "wound.location", Held, "where each wound is";
    "wound.per-change", Number("dressings"), "dressings used at each change";
    "wound.size", Held, "each wound's size and depth";
    "wound.type", Code(&["surgical", "debrided", "pressure", "venous", "diabetic", "other"]), "the kind of wound";
};

/// Items that orders were asked for and are no more: what was recorded of them is still read.
pub(super) const RETIRED: &[Item] = items! {
    "infusion.next-dose-time", Held, "the time of day of the next dose";
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
