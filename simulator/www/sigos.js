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

  // O que o navegador pergunta ou avisa, embora o arquivo venha.
  function avisado() {
    if (form.dataset.aviso === 'alert') window.alert('O relatório será gerado, aguarde.');
    if (form.dataset.aviso === 'leave')
      window.onbeforeunload = function (evento) { evento.preventDefault(); };
    return form.dataset.aviso !== 'confirm' || window.confirm('Deseja exportar?');
  }

  // O que não serve mais até a página ser recarregada.
  var gasto = {
    button: function (botao) { botao.disabled = true; },
    fields: function () {
      form.querySelectorAll('#data_inicio, #data_fim').forEach(function (campo) {
        campo.disabled = true;
      });
    },
    form: function () { form.hidden = true; }
  }, enviado_uma_vez = false;

  function exportar() {
    if (enviado_uma_vez && form.dataset.gasto === 'silent') return;
    enviado_uma_vez = true;
    sigos.enviar(form);
    var gastar = gasto[form.dataset.gasto];
    if (gastar) gastar(form.querySelector('[data-acao=exportar]'));
  }

  tipo.addEventListener('change', mostrarCampos);
  mostrarCampos();
  form.querySelector('[data-acao=exportar]').addEventListener('click', function () {
    var texto = reclamacao();
    sigos.avisar(texto);
    if (!texto && avisado()) exportar();
  });
})();
