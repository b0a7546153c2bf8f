# SPDX-License-Identifier: Apache-2.0
"""Installs the package for ros2 run and ros2 launch; package.xml names what it depends on."""

from pathlib import Path

from setuptools import find_packages, setup

NAME = 'empathy_ros'
SHARE = f'share/{NAME}'


def shared_files(*folders):
    """Return for each folder that holds files: where it is installed, and its files."""
    found = {}
    for folder in folders:
        for file in sorted(Path(folder).rglob('*')):
            if file.is_file() and '__pycache__' not in file.parts:
                found.setdefault(f'{SHARE}/{file.parent}', []).append(str(file))
    return list(found.items())


setup(
    name=NAME,
    version='0.1.0',
    packages=find_packages(exclude=['test', 'test.*', 'training', 'training.*']),
    package_data={NAME: ['nodes/*.html']},
    data_files=[
        ('share/ament_index/resource_index/packages', [f'resource/{NAME}']),
        (SHARE, ['package.xml']),
        *shared_files('config', 'examples', 'launch', 'models'),
    ],
    install_requires=['setuptools'],
    zip_safe=True,
    maintainer='empathy_ros maintainers',
    maintainer_email='maintainers@empathy-ros.example.org',
    description='Notices how an older person seems to feel, and answers kindly and honestly.',
    license='Apache-2.0',
    entry_points={
        'console_scripts': [
            'empathy = empathy_ros.cli:main',
            'group = empathy_ros.supervise:main',
        ],
    },
)
