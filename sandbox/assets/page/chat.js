"use strict";
// Everything that comes from outside is put in with textContent: it is text, never markup.
const by = (id) => document.getElementById(id);
const hours = new Intl.DateTimeFormat("es-AR", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
let shown = "";

function problem(words) {
  by("problem").hidden = !words;
  by("problem").textContent = words || "";
}

async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const content = await answer.json();
    problem(answer.ok ? "" : content.error);
  } catch {
    problem("El simulador no responde.");
  }
  await refresh();
}

const guest = () => ({ from: by("phone").value, name: by("name").value });
const say = (what) => post("control/whatsapp/say", { ...guest(), ...what });

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function ticks(entry) {
  if (entry.side !== "business") return entry.taken ? (entry.seen_by_business ? ["✓✓", "read"] : ["✓", ""]) : ["🕓", ""];
  const last = entry.statuses.at(-1)?.status;
  if (last === "failed") return ["no llegó", "failed"];
  if (last === "read") return ["✓✓", "read"];
  return [last === "delivered" ? "✓✓" : last === "sent" ? "✓" : "🕓", ""];
}

const words = { image: "📷 foto", audio: "🎤 audio" };

function bubble(entry) {
  const item = make("li", entry.side);
  item.append(make("span", "", entry.text || words[entry.kind] || `[${entry.kind}]`));
  if (entry.text && words[entry.kind]) item.append(make("small", "meta", words[entry.kind]));
  if (entry.link) item.append(make("small", "meta", entry.link));
  if (entry.choices) {
    const choices = make("div", "choices");
    for (const choice of entry.choices) {
      const button = make("button", "", choice.title);
      button.type = "button";
      if (choice.description) button.append(make("small", "", choice.description));
      button.onclick = () => say(choice.kind === "button" ? { button_id: choice.id } : { list_id: choice.id });
      choices.append(button);
    }
    item.append(choices);
  }
  const meta = make("span", "meta", `${hours.format(new Date(entry.at))} `);
  const [mark, className] = ticks(entry);
  meta.append(make("span", className, mark));
  item.append(meta);
  return item;
}

async function refresh() {
  try {
    const phone = by("phone").value.replace(/\D/g, "") || "0";
    const chat = await (await fetch(`control/whatsapp/chat/${phone}`)).json();
    const state = await (await fetch("control/state")).json();
    const now = JSON.stringify(chat);
    if (now !== shown) {
      shown = now;
      const thread = by("thread");
      thread.replaceChildren(...chat.messages.map(bubble));
      thread.scrollTop = thread.scrollHeight;
    }
    by("presence").textContent = "en línea";
    const rows = { "Webhooks entregados": state.webhooks_delivered, "En camino": state.webhooks_pending,
      "Respuestas aceptadas": state.accepted, "Rechazadas": Object.values(state.refused).reduce((a, b) => a + b, 0) };
    by("state").replaceChildren(...Object.entries(rows).flatMap(([k, v]) => [make("dt", "", k), make("dd", "", String(v))]));
  } catch {
    by("presence").textContent = "sin conexión con el simulador";
  }
}

by("who").onsubmit = (event) => event.preventDefault();
by("write").onsubmit = (event) => {
  event.preventDefault();
  const text = by("text").value;
  if (!text.trim()) return;
  by("text").value = "";
  say({ text });
};
by("voice").onclick = () => say({ audio_file: "sample" });
by("photo").onclick = () => by("file").click();
by("file").onchange = () => {
  const file = by("file").files[0];
  if (!file) return;
  const reader = new FileReader();
  reader.onload = () => say({ image_base64: reader.result.split(",")[1] });
  reader.readAsDataURL(file);
  by("file").value = "";
};
by("owner").onsubmit = (event) => {
  event.preventDefault();
  const text = by("echo").value;
  if (!text.trim()) return;
  by("echo").value = "";
  post("control/whatsapp/echo", { to: by("phone").value, text });
};

refresh();
setInterval(refresh, 700);
