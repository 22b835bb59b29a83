/// A known way to make a program let go of a device. Printed for a person; Patchbay never does it by itself.
package struct ReleaseRecipe: Hashable, Sendable {
    /// Stable, in words with hyphens: `nvidia-persistenced`.
    package var name: String
    /// What it is, in a few words.
    package var title: String
    /// One shell command or sentence a line.
    package var steps: [String]
    /// Names of programs, as `/proc/<pid>/comm` has them: 15 bytes at most.
    private var commands: Set<String>
    /// Beginnings of unit names.
    private var units: [String]

    private init(
        _ name: String, _ title: String, commands: Set<String>, units: [String] = [], steps: [String]
    ) {
        self.name = name
        self.title = title
        self.steps = steps
        self.commands = Set(commands.map { String($0.prefix(15)) })
        self.units = units
    }

    package static func named(_ name: String) -> ReleaseRecipe? { all.first { $0.name == name } }

    /// The recipe for a program, by its name before the unit it is in.
    package static func matching(command: String, unit: String?) -> ReleaseRecipe? {
        all.first { $0.commands.contains(command) }
            ?? unit.flatMap { unit in all.first { $0.units.contains(where: unit.hasPrefix) } }
    }
}

extension ReleaseRecipe {
    package static let all: [ReleaseRecipe] = graphics + compute + others

    private static let graphics = [
        ReleaseRecipe(
            "nvidia-persistenced", "NVIDIA's persistence daemon", commands: ["nvidia-persistenced"],
            units: ["nvidia-persistenced"], steps: ["systemctl stop nvidia-persistenced"]),
        ReleaseRecipe(
            "dcgm", "NVIDIA's data centre monitor", commands: ["nv-hostengine", "dcgm-exporter", "dcgmi"],
            units: ["nvidia-dcgm", "dcgm"], steps: ["systemctl stop nvidia-dcgm nvidia-dcgm-exporter"]),
        ReleaseRecipe(
            "fabric-manager", "NVIDIA's fabric manager", commands: ["nv-fabricmanager"],
            units: ["nvidia-fabricmanager"],
            steps: [
                "Keep it running while GPUs of this board are in use: they need it and its switches.",
                "Deactivate the card's fabric partition first:  fmpm -d PARTITION",
            ]),
        ReleaseRecipe(
            "display-manager", "The graphical login and desktop",
            commands: [
                "Xorg", "X", "Xwayland", "gnome-shell", "kwin_wayland", "kwin_x11", "sway", "Hyprland", "weston",
                "mutter", "gdm-x-session", "gdm-wayland-session", "sddm", "lightdm", "plasmashell",
            ],
            units: ["gdm", "sddm", "lightdm", "display-manager"],
            steps: [
                "systemctl isolate multi-user.target",
                "Or let the desktop use another card, then restart it.",
            ]),
        ReleaseRecipe(
            "sound-server", "The sound server", commands: ["pipewire", "wireplumber", "pulseaudio", "pipewire-pulse"],
            steps: ["systemctl --user stop pipewire.socket pipewire wireplumber pulseaudio.socket pulseaudio"]),
    ]

    private static let compute = [
        ReleaseRecipe(
            "gpu-monitor", "A program that watches the card",
            commands: ["nvtop", "nvidia-smi", "radeontop", "netdata", "telegraf", "btop", "amdgpu_top", "rocm-smi"],
            units: ["netdata", "telegraf"], steps: ["End it, or systemctl stop its service."]),
        ReleaseRecipe(
            "ollama", "Ollama's model server", commands: ["ollama", "ollama_llama_server"], units: ["ollama"],
            steps: ["systemctl stop ollama"]),
        ReleaseRecipe(
            "device-plugin", "Kubernetes' device plugin",
            commands: ["nvidia-device-plugin", "gpu-feature-discovery", "k8s-device-plugin"],
            steps: ["Drain the node of pods that have the card, then take the card out of the plugin's list."]),
    ]

    private static let others = [
        ReleaseRecipe(
            "guest", "A virtual machine",
            commands: [
                "qemu-system-x86_64", "qemu-system-aarch64", "qemu-kvm", "kvm", "cloud-hypervisor", "firecracker",
            ],
            units: ["machine-qemu"], steps: ["Shut the virtual machine down:  virsh shutdown NAME"]),
        ReleaseRecipe(
            "multipathd", "The multipath daemon", commands: ["multipathd"], units: ["multipathd"],
            steps: ["multipathd del path DISK"]),
        ReleaseRecipe(
            "smartd", "The disk health daemon", commands: ["smartd"], units: ["smartd", "smartmontools"],
            steps: ["systemctl stop smartd"]),
        ReleaseRecipe(
            "ceph-osd", "A storage daemon of Ceph", commands: ["ceph-osd"], units: ["ceph-osd@"],
            steps: ["ceph osd out ID, wait until the cluster is healthy, then systemctl stop ceph-osd@ID"]),
        ReleaseRecipe(
            "login-prompt", "A login prompt on a serial port", commands: ["agetty", "login"],
            units: ["serial-getty@", "getty@"], steps: ["systemctl stop serial-getty@PORT"]),
    ]
}
