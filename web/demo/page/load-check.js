// Shows a message when the page's own program does not arrive (opened from disk, a missing folder, an old browser).
// A classic script, so that it runs where modules do not; demo.js marks the document once it has started.
(function watchLoading() {
  var detail = '';

  function show() {
    if ('started' in document.documentElement.dataset) return;
    var box = document.getElementById('load-failure');
    var place = document.getElementById('load-failure-detail');
    if (!box || !place) return;
    box.hidden = false;
    place.textContent = detail;
  }

  // Script elements that fail do not bubble: capture.
  window.addEventListener(
    'error',
    function onError(event) {
      detail = event.target instanceof HTMLScriptElement ? event.target.src : event.message || '';
      if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', show);
      else show();
    },
    true,
  );

  // Module scripts run before `load`. Not started by then: old browser, or a page opened from disk, where no event tells.
  window.addEventListener('load', function onLoad() {
    detail = detail || location.href;
    setTimeout(show, 0);
  });
})();
