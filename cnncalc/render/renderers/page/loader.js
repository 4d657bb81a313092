/** Unpacks style and script, which work only if they are those whose hash the policy names; without that, the plain text is shown. */
const code = Uint8Array.from(atob(document.getElementById("code").textContent), one => one.charCodeAt(0));
const showPlain = () => {
  if ("ready" in document.body.dataset) return;
  const inside = new DOMParser().parseFromString(document.querySelector("noscript").textContent, "text/html").body;
  document.getElementById("plain").replaceChildren(...inside.childNodes);
  document.getElementById("app").hidden = true;
};
addEventListener("error", showPlain, { once: true });
addEventListener("unhandledrejection", showPlain, { once: true });
new Response(new Blob([code]).stream().pipeThrough(new DecompressionStream("gzip"))).text().then(text => {
  for (const [at, name] of ["style", "script"].entries()) {
    const part = document.createElement(name);
    part.textContent = text.split("\0")[at];
    document.body.append(part);
  }
});
