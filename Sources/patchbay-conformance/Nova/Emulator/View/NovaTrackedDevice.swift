import PatchbayCore

/// A device of a host with the guest that holds it.
struct NovaTrackedDevice: Hashable, Sendable {
    var device: NovaDevice
    /// nil: nobody holds it.
    var holder: String?

    init(_ device: NovaDevice, holder: String? = nil) {
        self.device = device
        self.holder = holder
    }

    /// It belongs to the provider of its physical function.
    var isChild: Bool { device.type == "type-VF" || device.type == "vdpa" }

    /// The function that its provider is named after.
    var root: PCIAddress { isChild ? device.parent ?? device.address : device.address }
}
