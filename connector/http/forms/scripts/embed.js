/* Silta's web form. No third party, no cookie, nothing stored, no inline style, no eval.
 *
 *   <div data-silta-form="KEY"></div>
 *   <script src="https://…/forms/embed.js" async></script>
 *
 * One file does three things: it shows a form in a page, it completes the hosted page, and, as a
 * worker of the hosted page, it searches the number that shows that a browser did some work.
 */
(function () {
  "use strict";

  var K = new Int32Array(64), H0 = new Int32Array(8);
  (function () {
    for (var found = 0, n = 2; found < 64; n++) {
      var prime = true;
      for (var d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
      if (!prime) continue;
      if (found < 8) H0[found] = (Math.sqrt(n) % 1) * 4294967296 | 0;
      K[found++] = (Math.cbrt(n) % 1) * 4294967296 | 0;
    }
  })();

  var W = new Int32Array(64);

  /* One block of SHA-256 (FIPS 180-4 §6.2.2): `bytes` from `at` into the state `h`. */
  function compress(h, bytes, at) {
    var i, t1, t2, a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (i = 0; i < 16; i++, at += 4) {
      W[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
    }
    for (; i < 64; i++) {
      var x = W[i - 15], y = W[i - 2];
      W[i] = W[i - 16] + W[i - 7] +
        ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
        ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
    }
    for (i = 0; i < 64; i++) {
      t1 = k + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) +
        (e & f ^ ~e & g) + K[i] + W[i] | 0;
      t2 = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) +
        (a & b ^ a & c ^ b & c) | 0;
      k = g; g = f; f = e; e = d + t1 | 0; d = c; c = b; b = a; a = t1 + t2 | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
  }

  /* A search of numbers from 0 on, in portions: what does not change is hashed once. */
  function search(challenge, bits) {
    var text = challenge + ":", whole = text.length >> 6 << 6, head = new Uint8Array(whole);
    var begun = H0.slice(), tail = new Uint8Array(128), state = new Int32Array(8), number = 0, i;
    for (i = 0; i < whole; i++) head[i] = text.charCodeAt(i);
    for (i = 0; i < whole; i += 64) compress(begun, head, i);
    return function (portion) {
      for (var end = number + portion; number < end; number++) {
        var rest = text.slice(whole) + number, long = rest.length > 55 ? 128 : 64;
        tail.fill(0);
        for (i = 0; i < rest.length; i++) tail[i] = rest.charCodeAt(i);
        tail[rest.length] = 128;
        var size = (whole + rest.length) * 8;
        tail[long - 3] = size >>> 16; tail[long - 2] = size >>> 8; tail[long - 1] = size;
        state.set(begun);
        for (i = 0; i < long; i += 64) compress(state, tail, i);
        if (state[0] >>> 32 - bits === 0) return String(number);
      }
      return null;
    };
  }

  /* As a worker: nothing but the search. */
  if (typeof document === "undefined") {
    self.onmessage = function (event) {
      var next = search(event.data.challenge, event.data.bits), found = null;
      while (found === null) found = next(20000);
      self.postMessage(found);
    };
    return;
  }

  var script = document.currentScript, home = new URL(script.src).origin;

  /* In a worker where the page is our own, else in short turns that leave the page responsive. */
  function solve(challenge, bits) {
    return new Promise(function (done) {
      function inTurns() {
        var next = search(challenge, bits);
        (function turn() {
          var until = Date.now() + 12, found = null;
          while (found === null && Date.now() < until) found = next(200);
          if (found === null) setTimeout(turn, 0); else done(found);
        })();
      }
      if (home !== location.origin || typeof Worker === "undefined") return inTurns();
      try {
        var worker = new Worker(script.src);
        worker.onmessage = function (event) { worker.terminate(); done(event.data); };
        worker.onerror = function () { worker.terminate(); inTurns(); };
        worker.postMessage({ challenge: challenge, bits: bits });
      } catch (refused) { inTurns(); }
    });
  }

  function element(name, attributes, text) {
    var made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      if (attributes[key] !== null && attributes[key] !== false) made.setAttribute(key, attributes[key]);
    });
    if (text) made.textContent = text;
    return made;
  }

  /* The hosted page: the form is there already, and works without us. */
  function complete(form) {
    var proof = form.elements.proof, status = form.querySelector("[data-silta-status]"), waiting = false;
    var patience = document.querySelector("[data-silta-patience]"), began = Date.now();
    var summary = document.querySelector("[data-silta-summary]");
    if (patience) patience.remove();
    if (summary) summary.focus();
    if (!proof.value) solve(form.elements.challenge.value, Number(form.dataset.bits)).then(function (number) {
      proof.value = number;
      if (waiting) send();
    });
    function send() { setTimeout(function () { form.submit(); }, Math.max(0, 2500 - (Date.now() - began))); }
    form.addEventListener("submit", function (event) {
      if (proof.value && Date.now() - began > 2500) return;
      event.preventDefault();
      if (waiting) return;
      waiting = true;
      status.textContent = form.dataset.working;
      if (proof.value) send();
    });
  }

  var shown = 0;

  /* A form in a page of a tenant. */
  function show(place, key, language) {
    var address = home + "/forms/v1/" + encodeURIComponent(key), id = "silta-" + (++shown) + "-";
    var query = language ? "?lang=" + encodeURIComponent(language) : "";
    var about, number, began;

    function fetchForm() {
      return fetch(address + query, { credentials: "omit", referrerPolicy: "no-referrer" }).then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      }).then(function (json) {
        about = json; began = Date.now(); number = solve(json.challenge, json.bits);
        return json;
      });
    }

    function control(field) {
      var same = { id: id + field.name, name: field.name, required: field.required ? "" : null };
      if (field.kind === "text") return element("textarea", Object.assign(same, { rows: 8, maxlength: field.longest }));
      if (field.kind !== "choice") {
        return element("input", Object.assign(same, {
          type: field.kind === "line" ? "text" : field.kind, maxlength: field.longest, autocomplete: field.autocomplete
        }));
      }
      var made = element("select", same);
      made.append(element("option", { value: "" }));
      field.choices.forEach(function (pair) { made.append(element("option", { value: pair[0] }, pair[1])); });
      return made;
    }

    function draw() {
      var words = about.words, form = element("form", { "class": "silta-form", novalidate: "", lang: about.language });
      var told = element("div", { "class": "silta-told", role: "alert", tabindex: "-1" });
      var status = element("p", { "class": "silta-status", role: "status", "aria-live": "polite" });
      var send = element("button", { "class": "silta-send", type: "submit" }, words.send);
      told.hidden = true;
      form.append(told);
      about.fields.forEach(function (field) {
        var row = element("div", { "class": "silta-field" });
        var label = field.label + (field.required ? "" : " (" + words.optional + ")");
        var wrong = element("p", { "class": "silta-wrong", id: id + field.name + "-error" });
        wrong.hidden = true;
        row.append(element("label", { "for": id + field.name }, label), control(field), wrong);
        form.append(row);
      });
      form.append(element("p", { "class": "silta-reach" }, words.reach));
      var trap = element("div", { "class": "silta-trap", "aria-hidden": "true" });
      trap.hidden = true;
      trap.append(element("label", { "for": id + "website" }, words.trap),
        element("input", { id: id + "website", name: "website", tabindex: "-1", autocomplete: "off" }));
      var notice = element("p", { "class": "silta-notice" }, words.notice + " ");
      notice.append(element("a", { href: about.notice.url, target: "_blank", rel: "noopener" }, words["notice.link"]),
        " (" + words.version + " " + about.notice.version + ")");
      form.append(trap, notice, status, send);
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        if (send.disabled) return;
        send.disabled = true;
        status.textContent = words.working;
        deliver(form, true).catch(function () { return { code: "unavailable" }; }).then(function (answer) {
          send.disabled = false;
          status.textContent = "";
          if (answer.reference) thank(form, answer.reference);
          else refuse(form, told, answer);
        });
      });
      place.replaceChildren(form);
    }

    function deliver(form, again) {
      var fields = {};
      about.fields.forEach(function (field) {
        var value = form.elements[field.name].value;
        if (value) fields[field.name] = value;
      });
      return Promise.resolve(number).then(function (found) {
        var early = Math.max(0, 2500 - (Date.now() - began));
        return new Promise(function (go) { setTimeout(function () { go(found); }, early); });
      }).then(function (found) {
        return fetch(address + "/inquiries", {
          method: "POST", credentials: "omit", referrerPolicy: "no-referrer",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({
            challenge: about.challenge, number: found, fields: fields, website: form.elements.website.value,
            language: about.language, page: location.origin + location.pathname
          })
        });
      }).then(function (answer) { return answer.json(); }).then(function (answer) {
        var stale = ["challenge_expired", "challenge_invalid", "proof_needed"].indexOf(answer.code) >= 0;
        if (!stale || !again) return answer;
        return fetchForm().then(function () { return deliver(form, false); });
      });
    }

    function refuse(form, told, problem) {
      var words = about.words, fields = {};
      (problem.errors || []).forEach(function (error) { fields[error.pointer.slice(1)] = error.detail; });
      told.replaceChildren(element("p", { "class": "silta-heading" }, words.problem), element("p", {}, words[problem.code] || words.correct));
      about.fields.forEach(function (field) {
        var wrong = document.getElementById(id + field.name + "-error"), input = form.elements[field.name];
        var text = fields[field.name];
        wrong.hidden = !text;
        wrong.textContent = text ? field.label + ": " + complaint(words, text) : "";
        if (text) { input.setAttribute("aria-invalid", "true"); input.setAttribute("aria-describedby", wrong.id); }
        else { input.removeAttribute("aria-invalid"); input.removeAttribute("aria-describedby"); }
      });
      told.append(element("p", {}, words.kept));
      if (problem.code === "trap_filled") form.querySelector(".silta-trap").hidden = false;
      told.hidden = false;
      told.focus();
    }

    function complaint(words, text) {
      if (text.indexOf("Use at most") === 0) return words.too_long;
      return {
        "This is not an e-mail address.": words.bad_email,
        "This is not a telephone number.": words.bad_telephone,
        "Choose one of the topics.": words.bad_topic,
        "Enter a number, like 12 or 12.5.": words.bad_number,
        "Enter a date, like 2026-11-22.": words.bad_date,
        "Enter yes or no.": words.bad_choice,
        "Choose one of the words that are offered.": words.bad_choice,
        "There is a payment card number here. Leave it out: card numbers are never kept.": words.card,
        "Give an e-mail address or a telephone number, so that you can be answered.": words.no_contact
      }[text] || words.required;
    }

    function thank(form, reference) {
      var words = about.words, said = element("div", { "class": "silta-thanks", role: "status", tabindex: "-1" });
      said.append(element("p", { "class": "silta-heading" }, words.thanks), element("p", {}, words.received + " " + reference + "."));
      place.replaceChildren(said);
      said.focus();
    }

    fetchForm().then(draw, function () {
      var link = element("a", { href: home + "/f/" + encodeURIComponent(key) }, home + "/f/" + key);
      place.replaceChildren(link);
    });
  }

  function begin() {
    var hosted = document.querySelector("form[data-silta-hosted]");
    if (hosted && home === location.origin) complete(hosted);
    document.querySelectorAll("[data-silta-form]").forEach(function (place) {
      if (place === script || place.dataset.siltaShown) return;
      place.dataset.siltaShown = "yes";
      show(place, place.dataset.siltaForm, place.dataset.language || document.documentElement.lang.slice(0, 2));
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
