import PatchbayAPI
import PatchbayCore

/// All VMs: where they are, what they hold, what they will hold.
struct VMListPage: Sendable, Hashable {
    let rows: [VMRow]
    let isEmpty: Bool
    let hasRows: Bool

    init(_ vms: [API.VM]) {
        self.rows = vms.map(VMRow.init)
        self.hasRows = !rows.isEmpty
        self.isEmpty = vms.isEmpty
    }
}
