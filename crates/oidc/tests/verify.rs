//! What a provider says is taken when all of it is right, and refused by its name when anything is wrong.

use doorstep_oidc::testing::{Issuer, b64, unsigned};
use doorstep_oidc::{
    ByForm, Expected, Keys, Person, Problem, Provider, Trip, authorization, id_token_of, is_safe,
    verified,
};
use proptest::prelude::*;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use serde_json::{Value, json};

const AT: &str = "https://id.example";
const NOW: i64 = 1_800_000_000;

fn expected() -> Expected<'static> {
    Expected {
        issuer: AT,
        client_id: "hub",
        nonce: "once",
        now_s: NOW,
        skew_s: 60,
        age_max_s: None,
        groups_claim: "groups",
    }
}

fn issuer() -> Issuer {
    Issuer::new(AT, "one")
}

fn keys(value: &Value) -> Keys {
    Keys::read(value.to_string().as_bytes()).expect("it is a list of keys")
}

fn right(issuer: &Issuer) -> Value {
    let mut claims = issuer.claims(("hub", "once"), "s-1", NOW);
    claims["groups"] = json!(["nurses", "all"]);
    claims["preferred_username"] = json!("ana");
    claims["name"] = json!("Ana Example");
    claims
}

fn read(issuer: &Issuer, claims: &Value) -> Result<Person, Problem> {
    verified(&issuer.token(claims), &keys(&issuer.keys()), &expected())
}

#[test]
fn a_right_token_says_who_signed_in() {
    let issuer = issuer();
    let person = read(&issuer, &right(&issuer)).expect("it is right");
    assert_eq!((person.subject.as_str(), person.groups.len()), ("s-1", 2));
    assert_eq!(person.user_name.as_deref(), Some("ana"));
    assert_eq!((person.name.as_deref(), person.proved_at_s), (Some("Ana Example"), Some(NOW)));
    assert_eq!(format!("{person:?}"), "Person { 2 groups }", "no names in a log");
}

#[test]
fn one_group_may_stand_alone_and_none_may_stand() {
    let issuer = issuer();
    let mut claims = right(&issuer);
    claims["groups"] = json!("nurses");
    assert_eq!(read(&issuer, &claims).expect("it is right").groups, ["nurses"]);
    claims.as_object_mut().expect("a map").remove("groups");
    assert!(read(&issuer, &claims).expect("it is right").groups.is_empty());
    claims["groups"] = json!({ "nurses": true });
    assert_eq!(read(&issuer, &claims), Err(Problem::Unreadable));
}

#[test]
fn what_is_wrong_in_a_token_is_refused_by_its_name() {
    let issuer = issuer();
    for (claim, value, problem) in [
        ("iss", json!("https://id.example/"), Problem::Issuer),
        ("iss", json!("https://evil.example"), Problem::Issuer),
        ("aud", json!("another"), Problem::Audience),
        ("aud", json!(["hub", "another"]), Problem::Audience),
        ("aud", json!([]), Problem::Audience),
        ("azp", json!("another"), Problem::Audience),
        ("exp", json!(NOW - 60), Problem::Expired),
        ("exp", json!(0), Problem::Expired),
        ("exp", json!(i64::MIN), Problem::Expired),
        ("exp", json!("never"), Problem::Unreadable),
        ("iat", json!(NOW + 61), Problem::Early),
        ("nbf", json!(NOW + 61), Problem::Early),
        ("nonce", json!("another"), Problem::Nonce),
        ("nonce", json!(""), Problem::Nonce),
        ("nonce", Value::Null, Problem::Nonce),
        ("sub", json!(""), Problem::Unreadable),
        ("sub", json!("x".repeat(256)), Problem::Unreadable),
        ("sub", Value::Null, Problem::Unreadable),
    ] {
        let mut claims = right(&issuer);
        claims[claim] = value.clone();
        assert_eq!(read(&issuer, &claims), Err(problem), "{claim}: {value}");
    }
}

#[test]
fn clocks_may_differ_by_the_skew_and_no_more() {
    let issuer = issuer();
    for (claim, at) in [("exp", NOW - 59), ("iat", NOW + 60), ("nbf", NOW + 60)] {
        let mut claims = right(&issuer);
        claims[claim] = json!(at);
        assert!(read(&issuer, &claims).is_ok(), "{claim}");
    }
    let mut claims = right(&issuer);
    claims["exp"] = json!(1_800_000_300.5);
    assert!(read(&issuer, &claims).is_ok(), "a fraction");
}

#[test]
fn a_fresh_proof_is_one_that_the_provider_dates() {
    let issuer = issuer();
    let fresh = |at: Value| {
        let mut claims = right(&issuer);
        claims["auth_time"] = at;
        let expected = Expected { age_max_s: Some(300), ..expected() };
        verified(&issuer.token(&claims), &keys(&issuer.keys()), &expected).map(|_| ())
    };
    assert_eq!(fresh(json!(NOW - 360)), Ok(()));
    for stale in [json!(NOW - 361), json!(NOW + 61), Value::Null] {
        assert_eq!(fresh(stale.clone()), Err(Problem::Stale), "{stale}");
    }
}

#[test]
fn a_token_without_a_signature_of_a_known_key_is_refused() {
    let (issuer, other) = (issuer(), Issuer::new(AT, "one"));
    let known = keys(&issuer.keys());
    let claims = right(&issuer).to_string();
    let of = |token: &str| verified(token, &known, &expected()).map(|_| ());
    let with = |header: Value| issuer.sign(&header, &claims);
    // No signature, or one with a secret that everybody knows.
    for alg in ["none", "None", "NONE", "", "HS256", "HS512", "ES384", "PS256", "EdDSA"] {
        let header = json!({ "alg": alg, "kid": "one" });
        assert_eq!(of(&with(header.clone())), Err(Problem::Algorithm), "{alg}");
        let bare = format!("{}.", unsigned(&header, &claims));
        assert_eq!(of(&bare), Err(Problem::Algorithm), "{alg}");
    }
    let public = issuer.public()["x"].to_string();
    let secret = hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes());
    let signed = unsigned(&json!({ "alg": "HS256", "kid": "one" }), &claims);
    let forged = format!("{signed}.{}", b64(hmac::sign(&secret, signed.as_bytes()).as_ref()));
    assert_eq!(of(&forged), Err(Problem::Algorithm));
    // A key that is not the provider's, by whatever name, or that the token brings along.
    assert_eq!(of(&other.token(&right(&issuer))), Err(Problem::Signature));
    for header in [
        json!({ "alg": "ES256", "kid": "two" }),
        json!({ "alg": "ES256", "kid": "../one" }),
        json!({ "alg": "ES256", "kid": "two", "jwk": other.public() }),
        json!({ "alg": "RS256", "kid": "one" }),
    ] {
        assert_eq!(of(&other.sign(&header, &claims)), Err(Problem::Key), "{header}");
    }
    let brought = json!({ "alg": "ES256", "kid": "one", "jwk": other.public(), "jku": "https://evil.example" });
    assert_eq!(of(&other.sign(&brought, &claims)), Err(Problem::Signature));
    let critical = json!({ "alg": "ES256", "kid": "one", "crit": ["b64"], "b64": false });
    assert_eq!(of(&with(critical)), Err(Problem::Unsupported));
    // One part less, one more, another payload under the same signature, no signature.
    let token = issuer.token(&right(&issuer));
    let parts: Vec<&str> = token.split('.').collect();
    let payload = b64(claims.replace("s-1", "s-2").as_bytes());
    assert_eq!(of(&format!("{}.{payload}.{}", parts[0], parts[2])), Err(Problem::Signature));
    assert_eq!(of(&format!("{}.{}.", parts[0], parts[1])), Err(Problem::Signature));
    for cut in [format!("{}.{}", parts[0], parts[1]), format!("{token}."), format!("{token}=")] {
        assert_eq!(of(&cut), Err(Problem::Unreadable), "{cut}");
    }
    assert_eq!(of(&"a".repeat(1024 * 1024)), Err(Problem::Unreadable));
    assert_eq!(of(&token), Ok(()));
}

#[test]
fn a_claim_that_stands_twice_is_refused() {
    let issuer = issuer();
    let twice = right(&issuer).to_string().replacen('{', r#"{"sub":"s-2","#, 1);
    let token = issuer.sign(&json!({ "alg": "ES256", "kid": "one" }), &twice);
    let read = verified(&token, &keys(&issuer.keys()), &expected());
    assert_eq!(read, Err(Problem::Unreadable));
}

#[test]
fn keys_turn_and_a_name_that_two_keys_have_is_none() {
    let (old, new) = (issuer(), Issuer::new(AT, "two"));
    let both = keys(&json!({ "keys": [old.public(), new.public()] }));
    assert!(verified(&old.token(&right(&old)), &both, &expected()).is_ok());
    assert!(verified(&new.token(&right(&new)), &both, &expected()).is_ok());
    let only_new = keys(&new.keys());
    let refused = verified(&old.token(&right(&old)), &only_new, &expected());
    assert_eq!(refused, Err(Problem::Key));
    // Without a name the only key is meant, and of two none.
    let bare =
        |issuer: &Issuer| issuer.sign(&json!({ "alg": "ES256" }), &right(issuer).to_string());
    assert!(verified(&bare(&new), &only_new, &expected()).is_ok());
    assert_eq!(verified(&bare(&new), &both, &expected()), Err(Problem::Key));
    let same = keys(&json!({ "keys": [old.public(), old.public()] }));
    assert_eq!(verified(&old.token(&right(&old)), &same, &expected()), Err(Problem::Key));
}

/// An RSA key that signs for these tests and nothing else.
fn rsa() -> (RsaKeyPair, Value) {
    let pair = RsaKeyPair::from_pkcs8(include_bytes!("rsa-of-the-tests.pk8")).expect("a key");
    let public: RsaPublicKeyComponents<Vec<u8>> = pair.public().into();
    let (n, e) = (b64(&public.n), b64(&public.e));
    (pair, json!({ "kty": "RSA", "kid": "rsa", "use": "sig", "n": n, "e": e }))
}

#[test]
fn rs256_is_taken_and_its_public_key_is_no_secret() {
    let (pair, public) = rsa();
    let known = keys(&json!({ "keys": [public] }));
    let claims = right(&issuer()).to_string();
    let signed = unsigned(&json!({ "alg": "RS256", "kid": "rsa" }), &claims);
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .expect("it signs");
    let token = format!("{signed}.{}", b64(&signature));
    assert!(verified(&token, &known, &expected()).is_ok());
    let secret = hmac::Key::new(hmac::HMAC_SHA256, pair.public().as_ref());
    let signed = unsigned(&json!({ "alg": "HS256", "kid": "rsa" }), &claims);
    let forged = format!("{signed}.{}", b64(hmac::sign(&secret, signed.as_bytes()).as_ref()));
    assert_eq!(verified(&forged, &known, &expected()), Err(Problem::Algorithm));
    let signed = unsigned(&json!({ "alg": "RS256", "kid": "rsa" }), &claims);
    let forged = format!("{signed}.{}", b64(hmac::sign(&secret, signed.as_bytes()).as_ref()));
    assert_eq!(verified(&forged, &known, &expected()), Err(Problem::Signature));
}

#[test]
fn keys_of_other_kinds_are_left_out() {
    let issuer = issuer();
    let changed = |name: &str, value: Value| {
        let mut key = issuer.public();
        key[name] = value;
        json!({ "keys": [key] })
    };
    for list in [
        json!({ "keys": [] }),
        json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0", "kid": "one" }] }),
        changed("use", json!("enc")),
        changed("alg", json!("ES384")),
        changed("crv", json!("P-384")),
        changed("x", json!("AA")),
    ] {
        let refused = verified(&issuer.token(&right(&issuer)), &keys(&list), &expected());
        assert_eq!(refused, Err(Problem::Key), "{list}");
    }
    assert_eq!(Keys::read(b"[]"), Err(Problem::Unreadable));
}

#[test]
fn a_provider_says_where_it_is_asked_what() {
    let issuer = issuer();
    let of = |document: &Value| Provider::read(document.to_string().as_bytes(), AT);
    let read = of(&issuer.document()).expect("it is right");
    assert_eq!((read.token_url.as_str(), read.secret_by), ("https://id.example/token", ByForm::No));
    assert_eq!(Provider::url_of(AT), "https://id.example/.well-known/openid-configuration");
    assert_eq!(
        Provider::url_of("https://id.example/a/"),
        "https://id.example/a/.well-known/openid-configuration"
    );
    for (name, value, problem) in [
        ("issuer", json!("https://evil.example"), Problem::Issuer),
        ("token_endpoint", json!("http://id.example/token"), Problem::Insecure),
        ("token_endpoint", json!("http://127.0.0.1/token"), Problem::Insecure),
        ("jwks_uri", json!("http://localhost:9000/keys"), Problem::Insecure),
        ("authorization_endpoint", json!("http://[::1]/authorize"), Problem::Insecure),
        ("jwks_uri", json!("file:///etc/passwd"), Problem::Insecure),
        ("authorization_endpoint", json!("javascript:alert(1)"), Problem::Insecure),
        ("response_types_supported", json!(["token"]), Problem::Unsupported),
        ("id_token_signing_alg_values_supported", json!(["HS256"]), Problem::Unsupported),
        ("code_challenge_methods_supported", json!(["plain"]), Problem::Unsupported),
        ("token_endpoint_auth_methods_supported", json!(["private_key_jwt"]), Problem::Unsupported),
        ("jwks_uri", Value::Null, Problem::Unreadable),
    ] {
        let mut document = issuer.document();
        document[name] = value.clone();
        assert_eq!(of(&document), Err(problem), "{name}: {value}");
    }
    let mut document = issuer.document();
    document["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    assert_eq!(of(&document).map(|read| read.secret_by), Ok(ByForm::Yes));
}

#[test]
fn plain_addresses_are_asked_on_loopback_alone() {
    for safe in [
        "https://id.example/a?b=c",
        "http://localhost:9000/a",
        "http://127.0.0.1/a",
        "http://[::1]:9000/a",
    ] {
        assert!(is_safe(safe), "{safe}");
    }
    for unsafe_one in [
        "http://id.example/a",
        "http://127.0.0.1.evil.example/a",
        "http://localhost@evil.example/a",
        "http://localhost.evil.example",
        "https://",
        "https://a b",
        "ftp://localhost/a",
        "id.example",
        "",
    ] {
        assert!(!is_safe(unsafe_one), "{unsafe_one}");
    }
}

/// Source of the verifier and its challenge: RFC 7636, appendix B.
#[test]
fn a_browser_is_sent_with_a_challenge_and_without_the_verifier() {
    let provider = Provider::read(issuer().document().to_string().as_bytes(), AT).expect("right");
    let scopes = ["openid".to_owned(), "profile".to_owned()];
    let trip = Trip {
        client_id: "the hub",
        redirect_url: "https://hub.example/back",
        scopes: &scopes,
        state: "s",
        nonce: "n",
        verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        is_fresh: false,
    };
    let url = authorization(&provider, &trip);
    assert_eq!(
        url,
        "https://id.example/authorize?response_type=code&client_id=the%20hub\
         &redirect_uri=https%3A%2F%2Fhub.example%2Fback&scope=openid%20profile&state=s&nonce=n\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    );
    let fresh = authorization(&provider, &Trip { is_fresh: true, ..trip });
    assert_eq!(fresh, format!("{url}&prompt=login&max_age=0"));
    let with_query = Provider { authorization_url: "https://id.example/a?b=c".into(), ..provider };
    assert!(
        authorization(&with_query, &trip).starts_with("https://id.example/a?b=c&response_type")
    );
}

#[test]
fn an_answer_without_an_id_token_is_none() {
    assert_eq!(id_token_of(br#"{"access_token":"x","id_token":"a.b.c"}"#), Ok("a.b.c".to_owned()));
    for wrong in ["", "{}", r#"{"error":"invalid_grant"}"#, r#"{"id_token":1}"#] {
        assert_eq!(id_token_of(wrong.as_bytes()), Err(Problem::Unreadable), "{wrong}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused(text in ".{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let issuer = issuer();
        let known = keys(&issuer.keys());
        prop_assert!(verified(&text, &known, &expected()).is_err());
        prop_assert!(Provider::read(&bytes, AT).is_err());
        let _ = Keys::read(&bytes);
        let payload = String::from_utf8_lossy(&bytes);
        let token = issuer.sign(&json!({ "alg": "ES256", "kid": "one" }), &payload);
        prop_assert!(verified(&token, &known, &expected()).is_err());
    }
}
