// Exportação em fila: o pedido ganha um número, a página pergunta por ele até o arquivo estar pronto.
(function () {
  'use strict';

  var INTERVALO = 250;
  var fila = document.getElementById('fila-exportacao'), vez = 0;

  function ler(resposta) {
    if (!resposta.ok) throw new Error('Erro ' + resposta.status + ' ao gerar o relatório.');
    return resposta.json();
  }

  function mostrar(texto, arquivo) {
    fila.textContent = texto;
    fila.hidden = false;
    if (!arquivo) return;
    var link = document.createElement('a');
    link.id = 'link-arquivo';
    link.href = arquivo;
    link.textContent = 'Baixar arquivo';
    fila.appendChild(link);
  }

  function entregar(arquivo) {
    if (fila.dataset.entrega === 'link') {
      mostrar('Relatório pronto. ', arquivo);
    } else {
      fila.hidden = true;
      location.href = arquivo;
    }
  }

  function perguntar(numero, minha) {
    if (minha !== vez) return; // outro pedido foi feito depois
    return fetch('relatorios_status.php?job=' + numero).then(ler).then(function (resposta) {
      if (resposta.pronto) return entregar(resposta.arquivo);
      setTimeout(function () {
        perguntar(numero, minha).catch(falhar);
      }, INTERVALO);
    });
  }

  function falhar(erro) {
    fila.hidden = true;
    window.sigos.avisar(erro.message);
  }

  window.sigos.enviar = function (form) {
    var minha = ++vez;
    mostrar('Gerando o relatório…');
    fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))})
      .then(ler)
      .then(function (resposta) {
        if (resposta.job) return perguntar(resposta.job, minha);
        fila.hidden = true;
        window.sigos.responder(resposta);
      })
      .catch(falhar);
  };
})();
