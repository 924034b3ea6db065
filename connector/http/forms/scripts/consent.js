/* Silta's consent choices for a site of yours. No third party, no cookie, no inline style, no eval.
 *
 *   <script src="https://…/forms/consent.js" data-centre="KEY" data-service="SLUG" async></script>
 *   <script type="text/plain" data-consent="analytics" src="/count.js"></script>
 *   <iframe data-consent="social_media" data-src="https://…"></iframe>
 *
 * Nothing marked with a category runs or loads before it is agreed to, and nothing is stored in the
 * browser or sent before somebody chose. Who refuses everything is sent nowhere. The choice is
 * opened again by the button that stays, or by anything with `data-consent-open`.
 */
(function () {
  "use strict";

  var script = document.currentScript, home = new URL(script.src).origin, KEPT = "silta-consent";
  var place = home + "/forms/v1/choices/" + encodeURIComponent(script.dataset.centre) + "/" +
    encodeURIComponent(script.dataset.service);
  var language = script.dataset.lang || document.documentElement.lang || "";
  var about = null, box = null, opener = null;

  function kept() {
    try {
      var found = JSON.parse(localStorage.getItem(KEPT));
      return found && Array.isArray(found.categories) ? found : null;
    } catch (unreadable) { return null; }
  }

  function store(made) {
    try { localStorage.setItem(KEPT, JSON.stringify(made)); return true; } catch (blocked) { return false; }
  }

  function element(name, attributes, text) {
    var made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text) made.textContent = text;
    return made;
  }

  /* What waited for one of these categories begins, as far as the policy has them still. */
  function release(categories) {
    var offered = about.categories.map(function (one) { return one.key; });
    categories = categories.filter(function (one) { return offered.indexOf(one) >= 0; });
    document.querySelectorAll("[data-consent]").forEach(function (waiting) {
      if (categories.indexOf(waiting.dataset.consent) < 0 || waiting.dataset.released) return;
      waiting.dataset.released = "yes";
      if (waiting.tagName !== "SCRIPT") { waiting.src = waiting.dataset.src; return; }
      var made = document.createElement("script");
      if (waiting.nonce) made.nonce = waiting.nonce;
      if (waiting.src) made.src = waiting.src; else made.textContent = waiting.textContent;
      waiting.after(made);
    });
  }

  function random() {
    var bytes = crypto.getRandomValues(new Uint8Array(24)), text = "";
    bytes.forEach(function (one) { text += String.fromCharCode(one); });
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_");
  }

  function send(visitor, categories) {
    return fetch(place, {
      method: "POST", credentials: "omit", referrerPolicy: "no-referrer",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        visitor: visitor, categories: categories, version: about.version, language: about.language
      })
    }).then(function (answer) { if (!answer.ok) throw new Error(answer.status); });
  }

  function save(categories) {
    var before = kept() || { categories: [] }, visitor = before.visitor;
    var fewer = before.categories.some(function (one) { return categories.indexOf(one) < 0; });
    function keep(chosen, untold) {
      var made = { version: about.version, categories: chosen };
      if (visitor && (chosen.length || untold)) made.visitor = visitor;
      if (untold) made.untold = true;
      store(made);
      close();
      /* What runs already cannot be stopped: the page begins anew without it. */
      if (fewer) location.reload(); else release(chosen);
    }
    function sorry() { box.querySelector("[role=status]").textContent = about.words.unavailable; }
    if (!visitor && !categories.length) return keep(categories);
    if (!/^[\w-]{22,64}$/.test(visitor)) visitor = random();
    /* Kept before it is sent: what is agreed to under an id that is lost could not be taken back. */
    if (!store(Object.assign({}, before, { visitor: visitor }))) return sorry();
    send(visitor, categories).then(function () { keep(categories); }).catch(function () {
      /* What could not be recorded was not agreed to; what is taken back ends, and is told later. */
      if (!fewer) return sorry();
      keep(categories.filter(function (one) { return before.categories.indexOf(one) >= 0; }), true);
    });
  }

  function close() {
    if (box) box.remove();
    box = null;
    if (opener) opener.hidden = false;
  }

  function draw() {
    close();
    var before = (kept() || {}).categories || [], words = about.words;
    box = element("section", {
      "class": "silta-consent", role: "dialog", "aria-labelledby": "silta-consent-title", lang: about.language
    });
    var form = element("form", {});
    form.append(element("h2", { id: "silta-consent-title" }, words.title), element("p", {}, words.lead));
    about.categories.forEach(function (one) {
      var label = element("label", {}), tick = element("input", { type: "checkbox", value: one.key });
      tick.checked = before.indexOf(one.key) >= 0;
      label.append(tick, " " + one.wording);
      form.append(label);
    });
    var notice = element("p", {});
    notice.append(element("a", { href: about.cookies, target: "_blank", rel: "noopener" }, words.more));
    function button(text, act) {
      var made = element("button", { type: "button" }, text);
      made.addEventListener("click", act);
      return made;
    }
    function all(on) {
      return on ? about.categories.map(function (one) { return one.key; }) : [];
    }
    form.append(notice,
      button(words.none, function () { save(all(false)); }),
      button(words.chosen, function () {
        save(Array.from(form.querySelectorAll("input:checked"), function (one) { return one.value; }));
      }),
      button(words.all, function () { save(all(true)); }),
      element("p", { role: "status", "aria-live": "polite" }));
    box.append(form);
    document.body.append(box);
    if (opener) opener.hidden = true;
  }

  function load() {
    if (about) return Promise.resolve();
    var query = language ? "?lang=" + encodeURIComponent(language.slice(0, 2)) : "";
    return fetch(place + query, { credentials: "omit", referrerPolicy: "no-referrer" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(function (json) { about = json; });
  }

  function open() { load().then(draw).catch(function () { /* Nothing is agreed to, nothing runs. */ }); }

  function begin() {
    load().then(function () {
      if (!about.categories.length) return; /* Nothing to ask: no banner. */
      opener = element("button", { type: "button", "class": "silta-consent-open" }, about.words.open);
      opener.addEventListener("click", open);
      document.body.append(opener);
      document.querySelectorAll("[data-consent-open]").forEach(function (one) {
        one.addEventListener("click", open);
      });
      var before = kept();
      if (before && before.untold) send(before.visitor, before.categories).then(function () {
        delete before.untold;
        store(before);
      }).catch(function () { /* The next page tries again. */ });
      if (before && before.version === about.version) release(before.categories);
      else if (!navigator.globalPrivacyControl) draw();
    }).catch(function () { /* Nothing is agreed to, nothing runs. */ });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
