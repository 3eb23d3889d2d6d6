// Passkeys (WebAuthn): a form with [data-passkey] asks the device and posts what it answers in its field `credential`.
// "create" makes a passkey, "get" shows one; both read the options from the element that [data-options] names.
// "fetch" shows one without knowing who it is, and fetches fresh options from where the form goes.
const BINARY = ["challenge", "id"];

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const opened = (thing) => {
  const copy = { ...thing };
  for (const name of BINARY) if (typeof copy[name] === "string") copy[name] = bytes(copy[name]);
  return copy;
};

/** Options as JSON has them -> as the browser wants them, with bytes where bytes belong. */
const options = ({ publicKey }) => {
  const made = opened(publicKey);
  if (made.user) made.user = opened(made.user);
  for (const list of ["excludeCredentials", "allowCredentials"]) if (made[list]) made[list] = made[list].map(opened);
  return made;
};

/** What the browser answers -> JSON. */
const told = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
};

const usual = (form) => JSON.parse(document.getElementById(form.dataset.options).textContent);

const WAYS = {
  create(form) {
    const publicKey = options(usual(form));
    const alone = form.elements.passwordless?.checked;
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone && { userVerification: "required" }),
    };
    return navigator.credentials.create({ publicKey });
  },
  get: (form) => navigator.credentials.get({ publicKey: options(usual(form)) }),
  async fetch(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return navigator.credentials.get({ publicKey: options((await answer.json()).request_options) });
  },
};

/** Whether passkeys work here: they are bound to a host name, and need a page that nobody could have changed. */
const works = () => Boolean(window.PublicKeyCredential) && !/^[\d.]+$|:/.test(location.hostname);

/** Gives a form its passkey. The first press asks the device; when it has answered, the form goes its usual way. */
export const passkey = (form) => {
  if (!works()) {
    form.querySelector("[data-passkey-none]")?.removeAttribute("hidden");
    form.querySelector("button").disabled = true;
    return;
  }
  form.hidden = false;
  const refused = form.querySelector("[role=alert][hidden], .field-error");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    if (refused) refused.hidden = true;
    try {
      form.elements.credential.value = told(await WAYS[form.dataset.passkey](form));
      form.requestSubmit();
    } catch {
      if (refused) refused.hidden = false; // cancelled, timed out, or known already: the browser does not say which
    }
  });
};
