// O formulário envia o modelo; o modelo só muda quando o campo avisa.
(function () {
  'use strict';

  document.querySelectorAll('[data-modelo]').forEach(function (campo) {
    var modelo = campo.form.querySelector('[name="' + campo.dataset.modelo + '"]');
    ['input', 'change'].forEach(function (nome) {
      campo.addEventListener(nome, function () {
        modelo.value = campo.value;
      });
    });
  });
})();
