from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("generation", "0005_terms_and_memory")]

    operations = [
        migrations.AlterField(
            model_name="take",
            name="way",
            field=models.CharField(
                choices=[
                    ("desk", "From the desk"),
                    ("another", "Another of"),
                    ("vary", "Varies"),
                    ("onward", "Goes on from"),
                    ("backward", "Leads up to"),
                    ("replace", "Replaces"),
                    ("finished", "Finished from"),
                ],
                default="desk",
                max_length=10,
            ),
        ),
    ]
