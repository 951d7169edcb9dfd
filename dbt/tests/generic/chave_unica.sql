{% test chave_unica(model, colunas) %}
SELECT {{ colunas | join(', ') }}, count(*) AS linhas
  FROM {{ model }}
 GROUP BY {{ colunas | join(', ') }}
HAVING count(*) > 1
{% endtest %}
