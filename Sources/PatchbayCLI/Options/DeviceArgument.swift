import PatchbayCore

/// The name of a device as people type it, checked before anything is asked.
enum DeviceArgument {
    /// `41:00.0`, `atlas/41:00.0`, and the other spellings of an address. Throws `.malformedAddress`.
    static func checked(_ text: String) throws(Problem) -> String {
        if text.contains("/") {
            _ = try DeviceID(text)
        } else {
            _ = try PCIAddress(text)
        }
        return text
    }

    static func checked(_ texts: [String]) throws(Problem) -> [String] {
        for text in texts { _ = try checked(text) }
        return texts
    }

    /// Names of pools, VMs and requests have no colon and are not spelt like addresses.
    static func isDevice(_ text: String) -> Bool {
        text.contains(":") || text.contains("/") || PCIAddress.isMeant(by: text)
    }
}
