// Datas como texto: as barras entram sozinhas, e nada além de algarismos.
(function () {
  'use strict';

  function mascarar(texto) {
    var n = texto.replace(/\D/g, '').slice(0, 8);
    if (n.length > 4) return n.slice(0, 2) + '/' + n.slice(2, 4) + '/' + n.slice(4);
    if (n.length > 2) return n.slice(0, 2) + '/' + n.slice(2);
    return n;
  }

  function existe(texto) {
    var p = texto.split('/');
    var data = new Date(+p[2], +p[1] - 1, +p[0]);
    return p.length === 3 && data.getFullYear() === +p[2] && data.getMonth() === +p[1] - 1 &&
      data.getDate() === +p[0];
  }

  document.querySelectorAll('.mascara-data').forEach(function (campo) {
    campo.addEventListener('beforeinput', function (event) {
      if (event.data && /\D/.test(event.data) && event.data.length === 1) event.preventDefault();
    });
    campo.addEventListener('input', function () {
      campo.value = mascarar(campo.value);
    });
    campo.addEventListener('change', function () {
      if (!existe(campo.value)) campo.value = '';
    });
  });
})();
