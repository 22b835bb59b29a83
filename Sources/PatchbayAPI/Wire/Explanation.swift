import PatchbayCore

extension API {
    /// Why a claim is served as it is, or why it is not.
    package struct Explanation: Codable, Hashable, Sendable {
        /// It is served, or would be.
        package var fits: Bool
        /// What was decided, or would be; nil: nothing fits.
        package var host: String?
        package var devices: [ClaimDevice]
        package var seat: Seat?
        /// What decided between hosts and devices that would do, the weightiest first.
        package var scores: [Score]
        /// The hosts that would do first, then those that lack least.
        package var hosts: [HostFit]
        /// Small changes each of which makes it fit, the smallest first.
        package var fixes: [Fix]
        /// It has its devices: the first of `hosts` is the one that serves it, the others were asked had it not.
        package var isServed: Bool?
    }

    package struct Score: Codable, Hashable, Sendable {
        package var name: String
        /// Less is better.
        package var value: Int
        package var sentence: String
    }

    /// A test that was not passed.
    package struct Reason: Codable, Hashable, Sendable {
        package var code: PatchbayCore.Reason.Code
        package var sentence: String
    }

    package struct HostFit: Codable, Hashable, Sendable {
        package var host: String
        /// How many more hosts say the very same, and are not listed.
        package var alike: Int
        /// nil: it would serve the claim.
        package var reason: Reason?
        package var devices: [DeviceFit]
    }

    package struct DeviceFit: Codable, Hashable, Sendable {
        package var device: String
        package var name: String
        /// The request it would serve, or that it is measured by; nil: it is asked for by none.
        package var request: String?
        /// The first test it fails; nil: it serves the request.
        package var reason: Reason?
        /// Who has it.
        package var holder: String?
        /// When the holder's lease ends.
        package var until: Int?
    }

    /// A change that makes a claim fit.
    package struct Fix: Codable, Hashable, Sendable {
        /// count, numa, group, topology, tags, optional, any-host, pin, hugepages, processors, memory, release,
        /// uncordon, mark-pinned, allow; several where only two together help
        package var change: String
        /// The request that it changes.
        package var request: String?
        /// What is asked for instead: `3`, `preferred`; MiB of memory; the risk that is allowed. nil: it is left out.
        package var value: String?
        /// The host that it changes.
        package var host: String?
        package var sentence: String
        /// The line that does it, where one does.
        package var command: String?
        /// The claim to release.
        package var claim: String?
        /// When that claim's lease ends by itself.
        package var until: Int?
        /// What to change, where only several changes together help; nil: it is the one above.
        package var parts: [Part]?

        /// One change of several: its fields mean what they mean in a fix of one change.
        package struct Part: Codable, Hashable, Sendable {
            package var change: String
            package var request: String?
            package var value: String?
            package var host: String?
            package var claim: String?
            package var until: Int?
        }

        /// The changes, however many they are.
        package var steps: [Part] {
            parts ?? [Part(change: change, request: request, value: value, host: host, claim: claim, until: until)]
        }
    }
}
