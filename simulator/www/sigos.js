// Menu lateral e formulário de relatórios.
(function () {
  'use strict';

  var sigos = window.sigos = {};

  document.querySelectorAll('.has-treeview>a').forEach(function (link) {
    link.addEventListener('click', function (event) {
      event.preventDefault();
      link.parentNode.classList.toggle('menu-open');
    });
  });

  var form = document.getElementById('form-relatorio');
  if (!form) return;
  var tipo = form.elements.tp_relatorio, mensagem = document.getElementById('msg-form');

  function mostrarCampos() {
    document.querySelectorAll('[data-tipo]').forEach(function (grupo) {
      grupo.hidden = grupo.dataset.tipo.split(' ').indexOf(tipo.value) < 0;
    });
  }

  // O que vai para o servidor: o próprio campo, ou o modelo a que está ligado. Um campo ligado tem o
  // id do modelo, por isso form.elements não serve.
  function enviado(nome) {
    return form.querySelector('[name="' + nome + '"]').value;
  }

  function valor(campo) {
    return campo.dataset.modelo ? enviado(campo.dataset.modelo) : campo.value;
  }

  function iso(data) {
    return data.split('/').reverse().join('-');
  }

  function reclamacao() {
    var campos = form.querySelectorAll('[data-rotulo]');
    for (var i = 0; i < campos.length; i++) {
      if (campos[i].getClientRects().length && !valor(campos[i]))
        return 'Preencha o campo ' + campos[i].dataset.rotulo + '.';
    }
    if (iso(enviado('data_inicio')) > iso(enviado('data_fim')))
      return 'A data inicial é maior que a data final.';
    return '';
  }

  sigos.avisar = function (texto) {
    mensagem.textContent = texto;
    mensagem.hidden = !texto;
  };

  // Respostas que não são arquivo.
  sigos.responder = function (resposta) {
    if (resposta.alerta) window.alert(resposta.alerta);
    if (resposta.mensagem) sigos.avisar(resposta.mensagem);
  };

  // Trocado pelos exportar-*.js.
  sigos.enviar = function () {
    form.submit();
  };

  tipo.addEventListener('change', mostrarCampos);
  mostrarCampos();
  form.querySelector('[data-acao=exportar]').addEventListener('click', function () {
    var texto = reclamacao();
    sigos.avisar(texto);
    if (!texto) sigos.enviar(form);
  });
})();
