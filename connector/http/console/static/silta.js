// Small comforts. Every page works without this file.
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copies);
    if (!source) return;
    await navigator.clipboard.writeText(source.textContent.trim());
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 2000);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copies]");
    if (button) copy(button);
  });

  // A form that is sent once is not sent twice by an impatient hand.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // A download leaves the page as it is: it can be asked for again.
    const button = event.submitter;
    if ("downloads" in form.dataset || (button && "downloads" in button.dataset)) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });

  // What is under way is looked at again, until it is done; never under somebody's hands.
  const watch = (area, times) => {
    if (!("busy" in area.dataset) || times <= 0) return;
    setTimeout(() => look(area, times - 1), 1500);
  };
  const look = async (area, times) => {
    if (document.hidden || area.contains(document.activeElement)) { watch(area, times); return; }
    try {
      const answer = await fetch(area.dataset.polls);
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-polls]");
      if (!fresh) return;
      const idle = !document.activeElement || document.activeElement === document.body;
      if (fresh.dataset.state !== area.dataset.state && idle) { location.reload(); return; }
      area.replaceWith(document.adoptNode(fresh));
      watch(fresh, times);
    } catch { watch(area, times); }
  };
  document.querySelectorAll("[data-polls]").forEach((area) => { watch(area, 400); });

  const summary = document.querySelector("[data-summary]");
  if (summary) summary.focus();
})();
