import PatchbayAPI
import PatchbayCore

/// A function that can be cut into mediated devices or vGPUs.
struct MediatedRow: Sendable, Hashable {
    let address: String
    let href: String
    let kind: String
    let current: String
    let types: [String]
    let typesTitle: String

    init(_ parent: API.MediatedParent) {
        address = parent.device.split(separator: "/").last.map(String.init) ?? parent.device
        href = Link.device(id: parent.device)
        kind = parent.kind == "mdev" ? "mediated devices" : "vGPU types"
        current = parent.currentType ?? "none"
        types = parent.types.map(\.words)
        typesTitle = types.count == 1 ? "1 type" : "\(types.count) types"
    }
}
