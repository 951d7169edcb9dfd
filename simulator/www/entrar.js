// A senha não sai da página: vai o resumo dela com o desafio que o servidor mandou.
(function () {
  'use strict';

  var form = document.forms[0];

  function hexadecimal(bytes) {
    return Array.prototype.map.call(new Uint8Array(bytes), function (byte) {
      return ('0' + byte.toString(16)).slice(-2);
    }).join('');
  }

  form.addEventListener('submit', function (event) {
    var senha = form.querySelector('input[type=password]');
    var texto = form.elements.desafio.value + ':' + senha.value;
    event.preventDefault();
    crypto.subtle.digest('SHA-256', new TextEncoder().encode(texto)).then(function (bytes) {
      form.elements.resposta.value = hexadecimal(bytes);
      form.submit();
    });
  });
})();
