//! One key that is right, and each way in which it may be wrong. The device is a software one; a browser's own is met in the
//! console's tests.

use doorstep_passkeys::testing::{Device, Said};
use doorstep_passkeys::{
    Made, Passkey, Problem, Site, Used, challenge_of, decoded, encoded, made, used,
};
use proptest::prelude::*;

const CHALLENGE: &[u8] = b"a challenge of 32 bytes, as sent";

fn site() -> Site {
    Site { rp_id: "hub.example".to_owned(), origin: "https://hub.example".to_owned() }
}

fn said() -> Said {
    Said::right(CHALLENGE, "https://hub.example")
}

fn registered(device: &Device) -> Passkey {
    made(&site(), CHALLENGE, &device.make(&said())).expect("a right key is taken")
}

#[test]
fn a_key_is_made_and_used() {
    let device = Device::new();
    let key = registered(&device);
    assert_eq!(key.credential_id, device.credential_id);
    assert_eq!(key.public_key, device.public_key());
    assert_eq!(used(&site(), CHALLENGE, &key, &device.sign(&said())), Ok(0));
    let counted = Passkey { counter: 7, ..key };
    let eighth = Said { counter: 8, ..said() };
    assert_eq!(used(&site(), CHALLENGE, &counted, &device.sign(&eighth)), Ok(8));
}

/// What is wrong, and as what it is refused.
fn wrongs() -> Vec<(Said, Problem)> {
    let origin = |origin: &str| Said { origin: origin.to_owned(), ..said() };
    vec![
        (Said { challenge: b"another".to_vec(), ..said() }, Problem::Challenge),
        (Said { challenge: Vec::new(), ..said() }, Problem::Challenge),
        (origin("https://hub.example.evil.example"), Problem::Origin),
        (origin("http://hub.example"), Problem::Origin),
        (origin("https://hub.example:444"), Problem::Origin),
        (Said { rp_id: "evil.example".to_owned(), ..said() }, Problem::Site),
        (Said { rp_id: "example".to_owned(), ..said() }, Problem::Site),
        (Said { flags: 0x01, ..said() }, Problem::Unverified),
        (Said { flags: 0x04, ..said() }, Problem::Unverified),
        (Said { flags: 0x15, ..said() }, Problem::Unreadable),
    ]
}

#[test]
fn what_is_wrong_is_refused_when_a_key_is_made() {
    for (said, problem) in wrongs() {
        let refused = made(&site(), CHALLENGE, &Device::new().make(&said));
        assert_eq!(refused, Err(problem), "{said:?}");
    }
}

#[test]
fn what_is_wrong_is_refused_when_a_key_is_used() {
    let device = Device::new();
    let key = registered(&device);
    for (said, problem) in wrongs() {
        let refused = used(&site(), CHALLENGE, &key, &device.sign(&said));
        assert_eq!(refused, Err(problem), "{said:?}");
    }
}

#[test]
fn a_counter_that_does_not_rise_is_refused() {
    let device = Device::new();
    let key = Passkey { counter: 7, ..registered(&device) };
    for counter in [0, 6, 7] {
        let refused = used(&site(), CHALLENGE, &key, &device.sign(&Said { counter, ..said() }));
        assert_eq!(refused, Err(Problem::Counter), "{counter}");
    }
}

#[test]
fn another_keys_signature_and_a_changed_one_are_refused() {
    let (device, other) = (Device::new(), Device::new());
    let key = registered(&device);
    assert_eq!(used(&site(), CHALLENGE, &key, &other.sign(&said())), Err(Problem::Signature));
    let right = device.sign(&said());
    let mut more = right.clone();
    more.client_data.insert(1, b' ');
    assert_eq!(used(&site(), CHALLENGE, &key, &more), Err(Problem::Signature));
    let mut counted = right.clone();
    counted.authenticator_data[36] = 9;
    assert_eq!(used(&site(), CHALLENGE, &key, &counted), Err(Problem::Signature));
    let bare = Used { signature: Vec::new(), ..right };
    assert_eq!(used(&site(), CHALLENGE, &key, &bare), Err(Problem::Signature));
}

#[test]
fn one_ceremony_answers_no_other() {
    let device = Device::new();
    let key = registered(&device);
    let signed = Used { client_data: device.make(&said()).client_data, ..device.sign(&said()) };
    assert_eq!(used(&site(), CHALLENGE, &key, &signed), Err(Problem::Kind));
    let made_of = Made { client_data: device.sign(&said()).client_data, ..device.make(&said()) };
    assert_eq!(made(&site(), CHALLENGE, &made_of), Err(Problem::Kind));
}

#[test]
fn a_page_in_anothers_frame_is_refused_and_a_name_that_stands_twice() {
    let device = Device::new();
    let replaced = |from: &str, to: &str| {
        let mut sent = device.make(&said());
        let text = String::from_utf8(sent.client_data).expect("it is text");
        assert!(text.contains(from));
        sent.client_data = text.replace(from, to).into_bytes();
        made(&site(), CHALLENGE, &sent)
    };
    assert_eq!(replaced("\"crossOrigin\":false", "\"crossOrigin\":true"), Err(Problem::Origin));
    let twice = "\"origin\":\"https://evil.example\",\"crossOrigin\":false";
    assert_eq!(replaced("\"crossOrigin\":false", twice), Err(Problem::Unreadable));
    assert!(replaced("\"crossOrigin\":false", "\"other\":{\"a\":[1]}").is_ok());
}

#[test]
fn a_key_of_another_kind_is_refused() {
    let device = Device::new();
    // Where the algorithm stands in the key: ES256 is 0x26, and 0x38 0x22 would be ES384.
    let changed = |from: &[u8], to: &[u8]| {
        let mut sent = device.make(&said());
        let at = sent.attestation.windows(from.len()).position(|part| part == from);
        let at = at.expect("it stands there");
        sent.attestation.splice(at..at + from.len(), to.iter().copied());
        made(&site(), CHALLENGE, &sent)
    };
    assert_eq!(changed(b"\xa5\x01\x02\x03\x26", b"\xa5\x01\x02\x03\x27"), Err(Problem::Key));
    assert_eq!(
        changed(b"\xa5\x01\x02\x03\x26\x20\x01", b"\xa5\x01\x02\x03\x26\x20\x02"),
        Err(Problem::Key)
    );
    assert_eq!(
        changed(b"\xa5\x01\x02\x03", b"\xa5\x01\x02\x01"),
        Err(Problem::Unreadable),
        "twice"
    );
}

#[test]
fn the_challenge_is_read_and_base_64_is_that_of_browsers() {
    let sent = Device::new().make(&said());
    assert_eq!(challenge_of(&sent.client_data), Ok(CHALLENGE.to_vec()));
    assert_eq!(challenge_of(b"{}"), Err(Problem::Unreadable));
    assert_eq!(encoded(&[0xfb, 0xff]), "-_8");
    assert_eq!(decoded("-_8"), Some(vec![0xfb, 0xff]));
    assert_eq!(decoded("-_8="), None);
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_taken(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let right = Device::new();
        let sent = Made { attestation: bytes.clone(), ..right.make(&said()) };
        prop_assert!(made(&site(), CHALLENGE, &sent).is_err());
        let sent = Made { client_data: bytes.clone(), ..right.make(&said()) };
        prop_assert!(made(&site(), CHALLENGE, &sent).is_err());
        let known = Passkey { credential_id: Vec::new(), public_key: bytes, counter: 0 };
        prop_assert!(used(&site(), CHALLENGE, &known, &right.sign(&said())).is_err());
    }

    /// A right answer, cut or with one byte changed: no panic. Nothing signs what a device says of a new key, so one that was
    /// changed may be taken; then what the device signs does not fit it, and nobody comes in by either.
    #[test]
    fn a_right_answer_that_was_changed_is_no_other(at in 0_usize..250, byte in any::<u8>()) {
        let device = Device::new();
        let mut sent = device.make(&said());
        let at = at % sent.attestation.len();
        let cut = Made { attestation: sent.attestation[..at].to_vec(), ..sent.clone() };
        prop_assert!(made(&site(), CHALLENGE, &cut).is_err());
        let right = made(&site(), CHALLENGE, &sent).unwrap();
        sent.attestation[at] = byte;
        if let Ok(key) = made(&site(), CHALLENGE, &sent) {
            let is_same = key.public_key == right.public_key;
            let known = Passkey { counter: 0, ..key };
            let signed = used(&site(), CHALLENGE, &known, &device.sign(&said()));
            prop_assert_eq!(signed.is_ok(), is_same);
        }
    }
}
