// Passkeys: makes one, or signs with one, and sends what the browser gave as JSON in the form's hidden field.
// A form says what it needs by data-passkey: "create", "get" (options in the page) or "login" (options fetched).
"use strict";

(() => {
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  };

  const text = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const withBytes = (credentials) => (credentials || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const creation = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  });

  const request = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  });

  const asJson = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || null,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  };

  const inPage = () => JSON.parse(document.getElementById("passkey-options").textContent);

  const fetched = async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("options");
    return answer.json();
  };

  const run = async (form) => {
    if (form.dataset.passkey === "create") {
      return navigator.credentials.create({ publicKey: creation(inPage().creation_options.publicKey) });
    }
    const data = form.dataset.passkey === "login" ? await fetched(form) : inPage();
    return navigator.credentials.get({ publicKey: request(data.request_options.publicKey) });
  };

  const start = (form) => {
    const failed = form.querySelector(".passkey-failed");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      if (failed) failed.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(asJson(await run(form)));
        form.submit();
      } catch {
        if (failed) failed.hidden = false;
      }
    });
  };

  if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(start);
})();
