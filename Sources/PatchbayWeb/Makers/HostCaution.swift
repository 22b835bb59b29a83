import PatchbayAPI
import PatchbayCore

/// What must be read before a device is taken from the host.
enum HostCaution {
    static let unload = "The host's driver lets go of the device, and the host cannot use it until it is given back."
}
