// A page stays as the server draws it. When headquarters says that something changed, the page fetches itself and
// puts the parts that are marked data-live in place of the old ones; nothing is drawn here.
"use strict";
const main = document.getElementById("main");
const ring = document.getElementById("ring");
let waiting = false, again = false, last = 0, heardAt = Date.now();
const ALONE = 30 * 60 * 1000; // as long as a session nobody uses holds

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
      heardAt = Date.now();
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

// Speaking: recorded while the button is held, made into the one form that terminals play, sent once, kept nowhere here.
function clipOf(samples, rate) {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at, words) => [...words].forEach((one, n) => view.setUint8(at + n, one.charCodeAt(0)));
  text(0, "RIFF"); view.setUint32(4, 36 + samples.length * 2, true); text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, rate, true); view.setUint32(28, rate * 2, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  text(36, "data"); view.setUint32(40, samples.length * 2, true);
  samples.forEach((one, n) => view.setInt16(44 + n * 2, Math.round(Math.max(-1, Math.min(1, one)) * 32767), true));
  return new Uint8Array(view.buffer);
}

async function resampled(recorded, rate, longest) {
  const context = new AudioContext();
  try {
    const heard = await context.decodeAudioData(await recorded.arrayBuffer());
    const frames = Math.floor(Math.min(heard.duration, longest) * rate);
    if (frames < rate * 0.3) return null;
    const made = new OfflineAudioContext(1, frames, rate), source = made.createBufferSource();
    source.buffer = heard; source.connect(made.destination); source.start();
    return (await made.startRendering()).getChannelData(0);
  } finally { context.close(); }
}

const talk = document.getElementById("talk");
if (talk) {
  const told = document.getElementById("talked");
  const rate = Number(talk.dataset.rate), longest = Number(talk.dataset.longest);
  let held = false, recorder = null, stop = 0;

  const state = (name) => { talk.dataset.state = name; told.textContent = talk.dataset[name]; };

  async function send(recorded) {
    state("sending");
    const samples = await resampled(recorded, rate, longest);
    if (!samples) { state("short"); return; }
    const clip = clipOf(samples, rate);
    let text = "";
    for (let at = 0; at < clip.length; at += 8192) text += String.fromCharCode(...clip.subarray(at, at + 8192));
    const form = new URLSearchParams({ token: talk.dataset.token, clip: btoa(text) });
    const answer = await fetch(talk.dataset.action, { method: "POST", body: form, credentials: "same-origin" });
    state(answer.ok ? "said" : "failed");
    if (answer.ok) refresh();
  }

  async function begin() {
    if (held || recorder) return;
    held = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
      const parts = [];
      recorder = new MediaRecorder(stream);
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.onstop = async () => {
        clearTimeout(stop);
        for (const track of stream.getTracks()) track.stop();
        try { await send(new Blob(parts, { type: recorder.mimeType })); } catch { state("failed"); }
        recorder = null;
      };
      // Once the browser has asked, whoever asked may have let go long ago.
      if (!held) { for (const track of stream.getTracks()) track.stop(); recorder = null; state("short"); return; }
      recorder.start();
      state("recording");
      stop = setTimeout(finish, longest * 1000);
    } catch { recorder = null; held = false; state("failed"); }
  }

  function finish() {
    held = false;
    if (recorder && recorder.state === "recording") recorder.stop();
  }

  talk.addEventListener("pointerdown", (event) => { talk.setPointerCapture(event.pointerId); begin(); });
  for (const over of ["pointerup", "pointercancel", "blur"]) talk.addEventListener(over, finish);
  talk.addEventListener("keydown", (event) => { if (event.key === " " || event.key === "Enter") { event.preventDefault(); begin(); } });
  talk.addEventListener("keyup", (event) => { if (event.key === " " || event.key === "Enter") finish(); });
}

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
  // From where the page was drawn, not from where the stream begins: nothing rings in between unheard.
  const heard = new EventSource("/console/live?since=" + ring.dataset.since);
  heard.addEventListener("changed", refresh);
  heard.addEventListener("help", (event) => { rung(event.data); refresh(); });
  heard.addEventListener("over", () => location.reload());
  setInterval(refresh, 15000);
  // A page that hears nothing any more shows nothing any more: its session is over, and nobody can say so.
  setInterval(() => { if (Date.now() - heardAt > ALONE) { main.replaceChildren(); location.reload(); } }, 60000);
  const thread = document.getElementById("thread");
  if (thread) thread.scrollTop = thread.scrollHeight;
}
