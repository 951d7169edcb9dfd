SELECT dia FROM {{ ref('calendario') }} WHERE mes IN (SELECT mes FROM {{ ref('etl_pares_antes') }})
