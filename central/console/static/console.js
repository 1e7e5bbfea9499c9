// A page stays as the server draws it. When headquarters says that something changed, the page fetches itself and
// puts the parts that are marked data-live in place of the old ones; nothing is drawn here.
"use strict";
const main = document.getElementById("main");
const ring = document.getElementById("ring");
let waiting = false, again = false, last = 0;

function busy(part) {
  const at = document.activeElement;
  return at && part.contains(at) && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
}

async function refresh() {
  if (waiting) { again = true; return; }
  waiting = true;
  await new Promise((go) => setTimeout(go, Math.max(0, 800 - (Date.now() - last))));
  try {
    const answer = await fetch(location.href, { headers: { "x-live": "1" }, credentials: "same-origin" });
    if (answer.status === 401) { location.reload(); return; }
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const old of document.querySelectorAll("[data-live]")) {
        const made = fresh.getElementById(old.id);
        if (!made || busy(old) || made.outerHTML === old.outerHTML) continue;
        const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
        const taken = document.importNode(made, true);
        old.replaceWith(taken);
        if (focused) document.getElementById(focused)?.focus();
      }
      asking();
    }
  } catch { /* the next one will do */ }
  waiting = false; last = Date.now();
  if (again) { again = false; refresh(); }
}

function sound() {
  try {
    const context = new AudioContext(), gain = context.createGain();
    gain.gain.value = 0.15; gain.connect(context.destination);
    for (const [start, tone] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const one = context.createOscillator();
      one.frequency.value = tone; one.connect(gain);
      one.start(context.currentTime + start); one.stop(context.currentTime + start + 0.2);
    }
  } catch { /* a browser without sound still shows it */ }
}

function rung(number) {
  ring.hidden = false;
  const link = document.createElement("a");
  link.href = "/console/help/" + encodeURIComponent(number);
  link.textContent = ring.dataset.text + " " + number;
  ring.replaceChildren(link);
  document.title = "● " + document.title.replace(/^● /, "");
  sound();
}

function asking() {
  for (const form of document.querySelectorAll("form[data-ask]")) {
    form.onsubmit = () => confirm(form.dataset.ask);
  }
  for (const button of document.querySelectorAll("button[data-fill]")) {
    button.onclick = () => {
      const field = document.getElementById(button.dataset.for);
      field.value = button.dataset.fill; field.focus();
    };
  }
}
asking();

// Security keys: the question comes with the page, the answer goes with its form.
for (const form of document.querySelectorAll("form[data-key]")) {
  const told = form.querySelector("[role=alert]");
  if (!window.PublicKeyCredential) { form.hidden = true; continue; }
  form.onsubmit = async (event) => {
    event.preventDefault();
    const question = JSON.parse(form.dataset.options);
    try {
      const answer = form.dataset.key === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
      form.elements.credential.value = JSON.stringify(answer.toJSON());
      form.submit();
    } catch { told.textContent = form.dataset.failed; told.hidden = false; }
  };
}

if (ring) {
  const heard = new EventSource("/console/live");
  heard.addEventListener("changed", refresh);
  heard.addEventListener("help", (event) => { rung(event.data); refresh(); });
  heard.addEventListener("over", () => location.reload());
  setInterval(refresh, 15000);
  const thread = document.getElementById("thread");
  if (thread) thread.scrollTop = thread.scrollHeight;
}
