// Passkeys: a browser gives them to scripts alone, so this is the one thing of the console that needs one. It asks the server
// for a challenge, lets the device answer, puts the answer into the form, and sends the form.
"use strict";

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const joined = (...parts) => parts.map((part) => (part ? text(part) : "")).join(".");

  async function ask(place, form) {
    const body = new URLSearchParams();
    if (form.elements.csrf) body.set("csrf", form.elements.csrf.value);
    const answer = await fetch(place.dataset.ask, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
    if (answer.status === 403) {
      location.href = "/confirm?next=/account";
      throw new Error("confirm first");
    }
    if (!answer.ok) throw new Error("the hub did not answer");
    return JSON.parse(await answer.text());
  }

  async function make(asked) {
    const key = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge),
        rp: { id: asked.site, name: asked.hub },
        user: { id: bytes(asked.user_handle), name: asked.user, displayName: asked.user },
        pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: asked.known.map((id) => ({ type: "public-key", id: bytes(id) })),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        attestation: "none",
      },
    });
    const { clientDataJSON, attestationObject } = key.response;
    return `${asked.user_handle}.${joined(clientDataJSON, attestationObject)}`;
  }

  async function use(asked) {
    const key = await navigator.credentials.get({
      publicKey: { challenge: bytes(asked.challenge), rpId: asked.site, userVerification: "required" },
    });
    const { userHandle, clientDataJSON, authenticatorData, signature } = key.response;
    return joined(key.rawId, userHandle, clientDataJSON, authenticatorData, signature);
  }

  function prepare(place) {
    const form = place.querySelector("form"), told = place.querySelector("[role=alert]");
    const tell = (words) => { told.textContent = words; told.hidden = !words; };
    place.hidden = false;
    for (const other of document.querySelectorAll("[data-passkey-without]")) other.hidden = true;
    if (!window.PublicKeyCredential || location.origin !== place.dataset.origin) {
      tell(document.body.dataset.keyElsewhere.replace("#", place.dataset.origin));
      form.hidden = true;
      return;
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      tell("");
      try {
        const asked = await ask(place, form);
        form.elements[place.dataset.field].value = await (place.dataset.passkey === "make" ? make(asked) : use(asked));
        form.submit();
      } catch {
        tell(document.body.dataset.keyNone);
      }
    });
  }

  document.querySelectorAll("[data-passkey]").forEach(prepare);
})();
