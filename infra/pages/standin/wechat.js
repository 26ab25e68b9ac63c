// Plays WeChat towards the page: whose phone is in hand, and the codes it gives. Only the one-machine stack serves it.
(() => {
  "use strict";

  const KEY = "standin.phone";
  const NUMBER = /^1\d{10}$/;

  function held() {
    const phone = localStorage.getItem(KEY);
    return phone !== null && NUMBER.test(phone) ? phone : null;
  }

  async function ask(path, request) {
    let response, answer;
    try {
      response = await fetch(path, request);
      answer = await response.json();
    } catch {
      throw new Error("没有连上。看看 make run 是不是还在运行，再试一次。");
    }
    if (!response.ok) throw new Error(answer.sentence);
    return answer;
  }

  async function codesOf(phone) {
    const headers = { "Content-Type": "application/json" };
    const codes = await ask("/wechat/login", { method: "POST", headers, body: JSON.stringify({ phone }) });
    return { code: codes.code, phoneCode: codes.phone_code };
  }

  async function pickUp(phone) {
    const codes = await codesOf(phone);
    localStorage.setItem(KEY, phone);
    return codes;
  }

  let choosing = null;

  // Whoever asks while the sheet is open waits for the same choice: there is one pair of hands.
  function choose() {
    choosing ??= ask("/standin/people.json").then(open).finally(() => { choosing = null; });
    return choosing;
  }

  function open(told) {
    return new Promise((resolve, reject) => {
      let chosen = null;
      const sheet = sheetOf(told, (phone) => { chosen = phone; sheet.close(); });
      sheet.addEventListener("close", () => {
        sheet.remove();
        if (chosen) resolve(chosen);
        else reject(Object.assign(new Error("没有选人。"), { name: "Cancelled" }));
      });
      document.body.append(sheet);
      sheet.showModal();
    });
  }

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function sheetOf(told, choose) {
    const sheet = make("dialog", { className: "standin" });
    sheet.setAttribute("aria-labelledby", "standin-title");
    sheet.setAttribute("aria-describedby", "standin-about");
    sheet.append(headOf(() => sheet.close()), bodyOf(told.units, choose), wallOf(told.seconds));
    // Beside the sheet there is only its backdrop, which belongs to it.
    sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
    return sheet;
  }

  function headOf(close) {
    const shut = make("button", { className: "standin-shut", type: "button", onclick: close });
    shut.setAttribute("aria-label", "关闭");
    const title = make("h2", { id: "standin-title", tabIndex: -1, autofocus: true }, "用谁的微信登录？");
    return make("header", { className: "standin-head" },
      make("div", { className: "standin-words" }, make("p", { className: "standin-mark" }, "试用环境 · 微信替身"), title), shut);
  }

  function bodyOf(units, choose) {
    const about = make("p", { id: "standin-about" }, "单位和人员都是虚构的，点一个人登录。");
    return make("div", { className: "standin-body" }, about, ...units.map((unit) => unitOf(unit, choose)));
  }

  function unitOf(unit, choose) {
    const heading = make("h3", {}, make("span", {}, unit.name), " ", make("span", { className: "standin-chip" }, unit.kind));
    const people = unit.people.map((person) => make("li", {}, personOf(person, choose)));
    return make("section", { className: "standin-unit" }, heading, make("ul", {}, ...people));
  }

  function personOf(person, choose) {
    return make("button", { className: "standin-person", type: "button", onclick: () => choose(person.phone) },
      make("span", { className: "standin-name" }, person.name), " ",
      make("span", { className: "standin-post" }, person.post), " ",
      make("span", { className: "standin-phone" }, person.phone));
  }

  function wallOf(seconds) {
    const docs = make("a", { className: "standin-plate", href: "/docs", target: "_blank", rel: "noopener" }, "接口说明");
    const kept = `数据只在这台机器上，每 ${seconds} 秒保存一次。正式的记录请放在 AWS 上。`;
    return make("footer", { className: "standin-wall" }, make("p", {}, kept), docs);
  }

  window.wechat = Object.freeze({
    async login() {
      const phone = held();
      return phone ? { code: (await codesOf(phone)).code } : pickUp(await choose());
    },
    async phoneCode() {
      const phone = held();
      return (phone ? await codesOf(phone) : await pickUp(await choose())).phoneCode;
    },
    holding: () => held() !== null,
    putDown: () => localStorage.removeItem(KEY),
  });
})();
