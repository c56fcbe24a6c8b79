/* Passkeys: a form with data-passkey="make" or "use" asks the browser, puts the answer into its hidden field and is sent
   as any other form. What the server asks for stands in data-options. */
(() => {
  "use strict";

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (options) => {
    const made = await navigator.credentials.create({ publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    } });
    return [made, {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    }];
  };

  const use = async (options) => {
    const used = await navigator.credentials.get({ publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: named(options.allowCredentials),
    } });
    return [used, {
      clientDataJSON: text(used.response.clientDataJSON),
      authenticatorData: text(used.response.authenticatorData),
      signature: text(used.response.signature),
    }];
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[data-said]");
    const say = (sentence) => { said.textContent = sentence; said.hidden = !sentence; };
    let isAsking = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isAsking) return;
      if (!window.isSecureContext || !window.PublicKeyCredential) return say(form.dataset.cannot);
      isAsking = true;
      say("");
      try {
        const ask = form.dataset.passkey === "make" ? make : use;
        const [credential, response] = await ask(JSON.parse(form.dataset.options));
        form.elements.credential.value = JSON.stringify(
          { id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
        form.submit();
      } catch {
        say(form.dataset.refused); // the browser keeps the reason from pages, and shows its own words
      } finally {
        isAsking = false;
      }
    });
  }
})();
