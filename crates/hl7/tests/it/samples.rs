//! Real files, when the variable `DOORSTEP_SAMPLES` names a folder with them. None of them is in this repository.

use std::path::PathBuf;

use doorstep_hl7::{
    AckCode, File, Header, Message, OrderMessage, Reply, ack, looks_like_hl7, message_types, nak,
};

/// One row of the folder's index.
struct Row {
    path: PathBuf,
    n_messages: usize,
    message_type: String,
    has_document: bool,
}

fn rows() -> Vec<Row> {
    let Some(folder) = std::env::var_os("DOORSTEP_SAMPLES").map(PathBuf::from) else {
        println!("skipped: DOORSTEP_SAMPLES is not set");
        return Vec::new();
    };
    let index = std::fs::read_to_string(folder.join("INDEX_HL7V2.tsv")).unwrap();
    let rows = index.lines().skip(1).map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        Row {
            path: folder.join(columns[0]),
            n_messages: columns[2].parse().unwrap(),
            message_type: columns[3].to_owned(),
            has_document: columns[7] == "yes",
        }
    });
    let rows: Vec<Row> = rows.collect();
    assert!(rows.len() > 100, "the index should have many rows");
    rows
}

#[test]
fn every_file_gives_the_messages_the_index_names() {
    for row in rows() {
        let name = row.path.display();
        let bytes = std::fs::read(&row.path).unwrap();
        assert!(looks_like_hl7(&bytes), "{name}");
        let types = message_types(&bytes);
        assert_eq!(types.len(), row.n_messages, "{name}");
        assert_eq!(types[0].to_string(), row.message_type, "{name}");
        for one in File::read(&bytes).messages {
            Message::read(&one).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        }
    }
}

#[test]
fn every_answer_reads_back_clean() {
    for row in rows() {
        let bytes = std::fs::read(&row.path).unwrap();
        for one in File::read(&bytes).messages {
            let header = Header::read(&one).unwrap();
            let reply =
                Reply { code: AckCode::AA, problems: &[], now: "20260105", control_id: "1" };
            for answer in [ack(&header, &reply), nak(&reply)] {
                let read = Message::read_one(&answer).unwrap();
                assert_eq!(read.problems(), []);
                assert_eq!(read.header().message_type().code, "ACK");
            }
            let answer = ack(&header, &reply);
            let answer = Message::read_one(&answer).unwrap();
            let said = answer.segment("MSA").unwrap().field(2).whole();
            assert_eq!(said, header.control_id(), "{}", row.path.display());
            assert_eq!(answer.header().receiving_facility(), header.sending_facility());
        }
    }
}

#[test]
fn every_referral_and_order_has_its_patient_and_its_content() {
    let mut n_orders = 0;
    for row in rows() {
        let name = row.path.display().to_string();
        let bytes = std::fs::read(&row.path).unwrap();
        for one in File::read(&bytes).messages {
            let message = Message::read(&one).unwrap();
            let kind = message.header().message_type().code;
            let is_order = ["REF", "ORM", "OMG", "OMP", "OMD", "OML", "RDE"].contains(&&*kind);
            let order = OrderMessage::read(&message);
            assert_eq!(order.is_ok(), is_order, "{name}");
            let Ok(order) = order else { continue };
            n_orders += 1;
            assert_eq!(order.patient.is_some(), message.segment("PID").is_some(), "{name}");
            let patient = order.patient.as_ref().unwrap();
            assert!(!patient.names.is_empty() && !patient.ids.is_empty(), "{name}");
            assert_eq!(order.referral.is_some(), kind == "REF", "{name}");
            assert_eq!(order.orders.is_empty(), kind == "REF", "{name}");
            let has_items = order.orders.iter().all(|o| o.item.is_some());
            assert!(has_items, "{name}");
            println!(
                "{name}: {:?}, {} orders, {:?}",
                order.intent,
                order.orders.len(),
                order.problems
            );
        }
    }
    assert!(n_orders == 0 || n_orders >= 30, "{n_orders}");
}

#[test]
fn documents_of_the_index_are_extracted() {
    for row in rows().into_iter().filter(|row| row.has_document) {
        let bytes = std::fs::read(&row.path).unwrap();
        let message = Message::read_one(&bytes).unwrap();
        let (documents, problems) = doorstep_hl7::documents(&message);
        // Some files announce a document and send none.
        let n_empty = problems.iter().filter(|problem| problem.code == "document-empty").count();
        assert_eq!(problems.len(), n_empty, "{}", row.path.display());
        let n_announced = message.segments("OBX").filter(|o| o.field(2).raw() == "ED").count();
        assert_eq!(documents.len() + n_empty, n_announced, "{}", row.path.display());
        assert!(documents.iter().all(|document| document.bytes == b"This is a Base64 string"));
    }
}
