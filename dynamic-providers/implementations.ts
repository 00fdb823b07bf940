import { DatasetOwnershipProvider } from "./dataset-ownership";
import { DatasetRefreshProvider } from "./dataset-refresh";
import { DatasourceCredentialProvider } from "./datasource-credential";
import { VerifiedSecretProvider } from "./verified-secret";
import { WarehousePermissionProvider } from "./warehouse-permission";

const providers = {
    DatasetOwnership: new DatasetOwnershipProvider(),
    DatasetRefresh: new DatasetRefreshProvider(),
    DatasourceCredential: new DatasourceCredentialProvider(),
    VerifiedSecret: new VerifiedSecretProvider(),
    WarehousePermission: new WarehousePermissionProvider(),
};

/** The resource types there are. */
export type ProviderName = keyof typeof providers;

/** The implementation behind a stub. */
export function provider(name: ProviderName) {
    return providers[name];
}
