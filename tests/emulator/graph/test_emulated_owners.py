"""What a service principal owns."""

import pytest


@pytest.mark.parametrize("kind", ["applications", "servicePrincipals"])
def test_what_it_owns_is_listed(cloud, kind):
    admin = cloud.caller("Application.ReadWrite.All", "Directory.Read.All")
    owner, other = cloud.app(), cloud.app()
    path = f"/v1.0/servicePrincipals/{owner.principal_id}/ownedObjects"
    assert admin.ok("GET", path)["value"] == []
    id_ = other.application_id if kind == "applications" else other.principal_id
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{owner.principal_id}"}
    assert admin("POST", f"/v1.0/{kind}/{id_}/owners/$ref", reference).status_code == 204
    [owned] = admin.ok("GET", path, select="id")["value"]
    assert owned == {"@odata.type": f"#microsoft.graph.{kind.removesuffix('s')}", "id": id_}
    assert cloud.caller()("GET", path).status_code == 403
