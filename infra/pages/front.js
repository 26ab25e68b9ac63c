// What a phone does with the mini-program, so that a demo person can be tried from this page.
"use strict";

const at = (id) => document.getElementById(id);
let token = "";

async function ask(method, path, body) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const response = await fetch(path, { method, headers: { "Content-Type": "application/json", ...headers }, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw answer;
  return answer;
}

async function login(phone) {
  token = "";
  const first = await ask("POST", "/wechat/login", { phone });
  try {
    return await ask("POST", "/v1/login", { code: first.code });
  } catch (refusal) {
    if (refusal.code !== "login.phone_needed") throw refusal;
    // A code works once, so the phone gives new ones together with the one for its number.
    return ask("POST", "/v1/login", await ask("POST", "/wechat/login", { phone }));
  }
}

function show(title, post, entries, refused) {
  at("sheet").classList.toggle("refused", refused);
  at("who").textContent = title;
  at("post").textContent = post;
  at("menu").replaceChildren(...entries.map((entry) => Object.assign(document.createElement("li"), { textContent: entry.title })));
  at("hint").hidden = at("copy").hidden = refused;
  at("copy").textContent = "复制令牌";
  at("sheet").showModal();
}

async function join(answer, unitName) {
  token = answer.token;
  const there = answer.memberships.find((membership) => membership.unit_name === unitName);
  if (there && there.unit !== answer.membership.unit) {
    token = (await ask("POST", "/v1/session/membership", { unit: there.unit, role: there.role })).token;
  }
}

async function enter(button) {
  button.disabled = true;
  try {
    await join(await login(button.dataset.phone), button.dataset.unit);
    const session = await ask("GET", "/v1/session");
    show(session.name, `${session.unit_name} · ${session.words}`, session.menu, false);
  } catch (refusal) {
    show("没有登录", refusal.sentence || "没有连上。看看 make run 是不是还在运行，再试一次。", [], true);
  } finally {
    button.disabled = false;
  }
}

async function copy() {
  try {
    await navigator.clipboard.writeText(token);
    at("copy").textContent = "已复制";
  } catch {
    at("copy").textContent = "没有复制成，请再试一次";
  }
}

document.querySelectorAll("[data-phone]").forEach((button) => button.addEventListener("click", () => enter(button)));
at("close").addEventListener("click", () => at("sheet").close());
at("copy").addEventListener("click", copy);
