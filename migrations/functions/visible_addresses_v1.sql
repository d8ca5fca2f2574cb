-- The addresses of one customer without the custom fields that are being removed from their types.
create or replace function visible_addresses_v1(p_project_id uuid, p_addresses jsonb)
returns jsonb
language plpgsql
stable
as $function$
begin
  return (
    select coalesce(
      jsonb_agg(
        case
          when address.value ? 'customTypeId' then jsonb_set(
            address.value,
            '{customFields}',
            visible_fields_v1(
              p_project_id, (address.value ->> 'customTypeId')::uuid, address.value -> 'customFields'
            )
          )
          else address.value
        end
        order by address.ordinality
      ),
      '[]'
    )
    from jsonb_array_elements(p_addresses) with ordinality as address
  );
end
$function$;
