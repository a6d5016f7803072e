// Between a page and an authenticator: the one thing in Waymark that browsers allow to script alone.
// It hands over what the page holds and sends the answer with the form of the page; it fetches nothing.
const form = document.querySelector("form[data-passkey]");
const says = document.querySelector("[data-passkey-says]");

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

function readable(options) {
  const { publicKey } = options;
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  if (publicKey.excludeCredentials) publicKey.excludeCredentials = named(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) publicKey.allowCredentials = named(publicKey.allowCredentials);
  return options;
}

function sendable(made) {
  const { response } = made;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = text(response.attestationObject);
    answer.transports = response.getTransports?.() ?? [];
  } else {
    answer.authenticatorData = text(response.authenticatorData);
    answer.signature = text(response.signature);
    answer.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return JSON.stringify({
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response: answer,
    extensions: made.getClientExtensionResults(),
  });
}

// What browsers call these things, in words; anything else is one sentence.
const WORDS = {
  NotAllowedError: "Nothing was done: it was cancelled, took too long, or there is no passkey for Waymark on this device. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError: "This address is not the one that your passkeys belong to. Check the address of the page.",
};

async function ask(event) {
  // Without a name nothing is made: the page says what is missing.
  if (form.elements.namedItem("name")?.value.trim() === "") return;
  event.preventDefault();
  says.textContent = "";
  const options = readable(JSON.parse(form.dataset.options));
  try {
    const made = await (form.dataset.passkey === "create" ? navigator.credentials.create(options) : navigator.credentials.get(options));
    form.elements.namedItem("answer").value = sendable(made);
  } catch (why) {
    says.textContent = WORDS[why.name] ?? "The passkey could not be used here. Try another device or another way to sign in.";
    return;
  }
  form.removeEventListener("submit", ask);
  // Not requestSubmit: the page drops a second sending within a second.
  form.submit();
}

if (form && globalThis.PublicKeyCredential) {
  document.querySelector("[data-without-script]").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", ask);
}
