// Exportação sem sair da página: o arquivo é buscado e salvo da memória.
(function () {
  'use strict';

  var NOMES = {tudo: 'relatorio_prot_geral.csv', retornos: 'retorno.csv'};

  function salvar(resposta, tipo) {
    var nome = /filename="([^"]+)"/.exec(resposta.headers.get('Content-Disposition') || '');
    return resposta.blob().then(function (arquivo) {
      var link = document.createElement('a');
      link.href = URL.createObjectURL(arquivo);
      link.download = nome ? nome[1] : NOMES[tipo];
      document.body.appendChild(link);
      link.click();
      document.body.removeChild(link);
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
    });
  }

  window.sigos.enviar = function (form) {
    fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form))})
      .then(function (resposta) {
        if (!resposta.ok) throw new Error('Erro ' + resposta.status + ' ao gerar o relatório.');
        if (/json/.test(resposta.headers.get('Content-Type')))
          return resposta.json().then(window.sigos.responder);
        return salvar(resposta, form.elements.tp_relatorio.value);
      })
      .catch(function (erro) {
        window.sigos.avisar(erro.message);
      });
  };
})();
