// A device with passkeys: the browser's own virtual authenticator.

/** A device that knows whose finger it is. */
export async function device(visitor) {
  const cdp = await visitor.page.context().newCDPSession(visitor.page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const say = (what, more = {}) => cdp.send(`WebAuthn.${what}`, { authenticatorId, ...more });
  return {
    keys: async () => (await say("getCredentials")).credentials,
    verifies: (yes) => say("setUserVerified", { isUserVerified: yes }),
    /** The same key once more, as it was when it had been used this often. */
    async copy(key, signCount) {
      await say("removeCredential", { credentialId: key.credentialId });
      await say("addCredential", { credential: { ...key, signCount } });
    },
  };
}
