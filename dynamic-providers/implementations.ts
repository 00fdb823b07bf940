import { DatasetOwnershipProvider } from "./dataset-ownership";
import { DatasetRefreshProvider } from "./dataset-refresh";
import { DatasourceCredentialProvider } from "./datasource-credential";
import { GatewayCredentialProvider } from "./gateway-credential";
import { LeftoversProvider } from "./leftovers";
import { RefreshScheduleProvider } from "./refresh-schedule";
import { SecretSlotsProvider } from "./secret-slots";
import type { ProviderName } from "./stub";
import { UnusedNameProvider } from "./unused-name";
import { VerifiedSecretProvider } from "./verified-secret";
import { WarehousePermissionProvider } from "./warehouse-permission";

const providers = {
    DatasetOwnership: new DatasetOwnershipProvider(),
    DatasetRefresh: new DatasetRefreshProvider(),
    DatasourceCredential: new DatasourceCredentialProvider(),
    GatewayCredential: new GatewayCredentialProvider(),
    Leftovers: new LeftoversProvider(),
    RefreshSchedule: new RefreshScheduleProvider(),
    SecretSlots: new SecretSlotsProvider(),
    UnusedName: new UnusedNameProvider(),
    VerifiedSecret: new VerifiedSecretProvider(),
    WarehousePermission: new WarehousePermissionProvider(),
} satisfies Record<ProviderName, object>;

/** The implementation behind a stub. */
export function provider(name: ProviderName) {
    return providers[name];
}
