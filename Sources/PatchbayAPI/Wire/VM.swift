import PatchbayCore

extension API {
    package struct VM: Codable, Hashable, Sendable {
        package var name: String
        package var host: String
        /// `managed` or `adopted`
        package var origin: String
        package var state: Domain.State
        package var vcpus: Int?
        package var memoryMiB: Int?
        package var requests: [Request]
        /// What it holds while it runs.
        package var now: [VMDevice]
        /// What it will hold at the next start, in words, one line a request.
        package var atNextStart: [String]
        /// It runs, and `now` is not what the requests ask for.
        package var isRestartPending: Bool
        /// `patchbay vm restart trainer-01`, when a restart is pending.
        package var restartCommand: String?
        package var claim: String?
        /// The plan under way for it.
        package var plan: String?
        package var findings: [Finding]
        package var revision: Int
    }

    package struct VMDevice: Codable, Hashable, Sendable {
        package var device: String
        package var name: String
        package var request: String?
        package var pool: String?
        package var isCompanion: Bool
    }

    package struct Request: Codable, Hashable, Sendable {
        package var name: String
        package var pool: String?
        package var device: String?
        package var count: Int
    }

    /// To create a managed VM. One of `disk` or `kernel` is required.
    package struct VMDraft: WireRequest, Hashable {
        package var name: String
        /// May be left out when there is one host only.
        package var host: String?
        package var vcpus: Int
        package var memoryMiB: Int
        /// Path of an image on the host.
        package var disk: String?
        /// `qcow2` (default) or `raw`
        package var diskFormat: String?
        package var kernel: String?
        package var initrd: String?
        package var commandLine: String?
        package var accelerator: GuestSpec.Accelerator?
        package static var fieldNames: [String] {
            [
                "name", "host", "vcpus", "memoryMiB", "disk", "diskFormat", "kernel", "initrd", "commandLine",
                "accelerator",
            ]
        }
        package init(
            name: String, host: String? = nil, vcpus: Int = 1, memoryMiB: Int = 1024, disk: String? = nil,
            diskFormat: String? = nil, kernel: String? = nil, initrd: String? = nil, commandLine: String? = nil,
            accelerator: GuestSpec.Accelerator? = nil
        ) {
            self.name = name
            self.host = host
            self.vcpus = vcpus
            self.memoryMiB = memoryMiB
            self.disk = disk
            self.diskFormat = diskFormat
            self.kernel = kernel
            self.initrd = initrd
            self.commandLine = commandLine
            self.accelerator = accelerator
        }
    }

    /// Exactly one of `pool` and `device`.
    package struct AttachRequest: WireRequest, Hashable {
        package var pool: String?
        package var device: String?
        package var count: Int?
        /// Left out: made from the pool's or the device's name.
        package var name: String?
        package static var fieldNames: [String] { ["pool", "device", "count", "name"] }
        package init(pool: String? = nil, device: String? = nil, count: Int? = nil, name: String? = nil) {
            self.pool = pool
            self.device = device
            self.count = count
            self.name = name
        }
    }

    /// Exactly one of the three: a request by name, every request for a pool, or the one for a device.
    package struct DetachRequest: WireRequest, Hashable {
        package var request: String?
        package var pool: String?
        package var device: String?
        package static var fieldNames: [String] { ["request", "pool", "device"] }
        package init(request: String? = nil, pool: String? = nil, device: String? = nil) {
            self.request = request
            self.pool = pool
            self.device = device
        }
    }

    package struct PowerRequest: WireRequest, Hashable {
        /// Do not ask the guest.
        package var force: Bool?
        /// How long the guest has to power off; 60 when left out.
        package var timeoutSeconds: Int?
        package static var fieldNames: [String] { ["force", "timeoutSeconds"] }
        package init(force: Bool? = nil, timeoutSeconds: Int? = nil) {
            self.force = force
            self.timeoutSeconds = timeoutSeconds
        }
    }
}
